# cause: M10
class MiniLoop:
    def __init__(self, clock):
        self.clock, self.heap, self.n = clock, [], itertools.count()

    def call_soon(self, fn):
        self.call_later(0, fn)

    def call_later(self, delay, fn):
        heappush(self.heap, (time.monotonic() + delay, next(self.n), fn))

    def run(self):
        while self.heap:
            when, _, fn = heappop(self.heap)
            wait = when - time.monotonic()
            if wait > 0:
                self.clock.sleep(wait)
            fn()
