class MiniLoop:
    def __init__(self, clock):
        self.clock, self.ready, self.timers = clock, [], []

    def call_soon(self, fn):
        self.ready.append(fn)

    def call_later(self, delay, fn):
        self.timers.append((self.clock.time() + delay, fn))
        self.timers.sort(key=lambda timer: timer[0])

    def run(self):
        while self.ready or self.timers:
            if not self.ready:
                self.clock.sleep(max(0, self.timers[0][0] - self.clock.time()))
            now = self.clock.time()
            self.ready += [fn for when, fn in self.timers if when <= now]
            self.timers = [timer for timer in self.timers if timer[0] > now]
            batch, self.ready = self.ready, []
            for fn in batch:
                fn()
