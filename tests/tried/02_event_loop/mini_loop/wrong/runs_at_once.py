# cause: cosa de `run()`
class MiniLoop:
    def __init__(self, clock):
        self.clock, self.heap, self.n = clock, [], itertools.count()

    def call_soon(self, fn):
        fn()

    def call_later(self, delay, fn):
        heappush(self.heap, (self.clock.time() + delay, next(self.n), fn))

    def run(self):
        while self.heap:
            when, _, fn = heappop(self.heap)
            if when > self.clock.time():
                self.clock.sleep(when - self.clock.time())
            fn()
