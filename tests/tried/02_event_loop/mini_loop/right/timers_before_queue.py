class MiniLoop:
    def __init__(self, clock):
        self.clock, self.queue, self.timers = clock, [], []

    def call_soon(self, fn):
        self.queue.append(fn)

    def call_later(self, delay, fn):
        self.timers.append([self.clock.time() + delay, fn])
        self.timers.sort(key=lambda t: t[0])

    def _next(self):
        if self.timers and self.timers[0][0] <= self.clock.time():
            return self.timers.pop(0)[1]
        if self.queue:
            return self.queue.pop(0)
        self.clock.sleep(self.timers[0][0] - self.clock.time())
        return self.timers.pop(0)[1]

    def run(self):
        while self.queue or self.timers:
            self._next()()
