# cause: ahora más
class MiniLoop:
    def __init__(self, clock):
        self.clock, self.heap, self.n = clock, [], itertools.count()

    def call_soon(self, fn):
        heappush(self.heap, (0, next(self.n), fn))

    def call_later(self, delay, fn):
        heappush(self.heap, (delay, next(self.n), fn))

    def run(self):
        while self.heap:
            when, _, fn = heappop(self.heap)
            if when > self.clock.time():
                self.clock.sleep(when - self.clock.time())
            fn()
