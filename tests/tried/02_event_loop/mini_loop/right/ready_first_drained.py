class MiniLoop:
    def __init__(self, clock):
        self.clock, self.ready, self.timers = clock, deque(), []

    def call_soon(self, fn):
        self.ready.append(fn)

    def call_later(self, delay, fn):
        self.timers.append((self.clock.time() + delay, len(self.timers), fn))

    def run(self):
        while True:
            while self.ready:
                self.ready.popleft()()
            if not self.timers:
                return
            timer = min(self.timers, key=lambda t: t[0])
            self.timers.remove(timer)
            wait = timer[0] - self.clock.time()
            if wait > 0:
                self.clock.sleep(wait)
            timer[2]()
