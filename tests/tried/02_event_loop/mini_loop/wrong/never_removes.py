# cause: más de una vez
class MiniLoop:
    def __init__(self, clock):
        self.clock, self.items, self.runs = clock, [], 0

    def call_soon(self, fn):
        self.call_later(0, fn)

    def call_later(self, delay, fn):
        self.items.append((self.clock.time() + delay, fn))

    def run(self):
        done = 0
        while done < len(self.items):
            self.items.sort(key=lambda i: i[0])
            when, fn = self.items[done if self.runs == 0 else 0]
            if when > self.clock.time():
                self.clock.sleep(when - self.clock.time())
            fn()
            done += 1
            self.runs += done % 2
