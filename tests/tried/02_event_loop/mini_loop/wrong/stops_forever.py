# cause: una vez
class MiniLoop:
    def __init__(self, clock):
        self.clock, self.heap, self.n, self.stopped = clock, [], itertools.count(), False

    def call_soon(self, fn):
        self.call_later(0, fn)

    def call_later(self, delay, fn):
        heappush(self.heap, (self.clock.time() + delay, next(self.n), fn))

    def run(self):
        while not self.stopped:
            if not self.heap:
                self.stopped = True
                break
            when, _, fn = heappop(self.heap)
            if when > self.clock.time():
                self.clock.sleep(when - self.clock.time())
            fn()
