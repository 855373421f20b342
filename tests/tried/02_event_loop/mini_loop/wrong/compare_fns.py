# cause: desempatar
class MiniLoop:
    def __init__(self, clock):
        self.clock, self.heap = clock, []

    def call_soon(self, fn):
        self.call_later(0, fn)

    def call_later(self, delay, fn):
        heappush(self.heap, (self.clock.time() + delay, fn))

    def run(self):
        while self.heap:
            when, fn = heappop(self.heap)
            if when > self.clock.time():
                self.clock.sleep(when - self.clock.time())
            fn()
