class MiniLoop:
    def __init__(self, clock):
        self.clock, self.heap, self.count = clock, [], 0

    def call_soon(self, fn):
        self.call_later(0, fn)

    def call_later(self, delay, fn):
        self.count += 1
        heappush(self.heap, (self.clock.time() + delay, self.count, fn))

    def run(self):
        while self.heap:
            when, _, fn = heappop(self.heap)
            now = self.clock.time()
            if when > now:
                self.clock.sleep(when - now)
            fn()
