# cause: a trozos
class MiniLoop:
    def __init__(self, clock):
        self.clock, self.heap, self.n = clock, [], itertools.count()

    def call_soon(self, fn):
        self.call_later(0, fn)

    def call_later(self, delay, fn):
        heappush(self.heap, (self.clock.time() + delay, next(self.n), fn))

    def run(self):
        while self.heap:
            if self.heap[0][0] > self.clock.time():
                self.clock.sleep(1)
                continue
            heappop(self.heap)[2]()
