# cause: pendiente
class MiniLoop:
    def __init__(self, clock):
        self.clock, self.items = clock, []

    def call_soon(self, fn):
        self.call_later(0, fn)

    def call_later(self, delay, fn):
        self.items.append((self.clock.time() + delay, fn))

    def run(self):
        for when, fn in sorted(self.items, key=lambda i: i[0]):
            if when > self.clock.time():
                self.clock.sleep(when - self.clock.time())
            fn()
        self.items = []
