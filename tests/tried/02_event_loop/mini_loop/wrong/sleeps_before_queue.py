# cause: algo listo
class MiniLoop:
    def __init__(self, clock):
        self.clock, self.ready, self.heap, self.n = clock, deque(), [], itertools.count()

    def call_soon(self, fn):
        self.ready.append(fn)

    def call_later(self, delay, fn):
        heappush(self.heap, (self.clock.time() + delay, next(self.n), fn))

    def run(self):
        while self.heap or self.ready:
            if self.heap:
                when, _, fn = heappop(self.heap)
                if when > self.clock.time():
                    self.clock.sleep(when - self.clock.time())
                self.ready.append(fn)
            self.ready.popleft()()
