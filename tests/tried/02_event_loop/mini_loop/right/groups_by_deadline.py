from collections import defaultdict


class MiniLoop:
    def __init__(self, clock):
        self.clock, self.by_time = clock, defaultdict(list)

    def call_soon(self, fn):
        self.by_time[self.clock.time()].append(fn)

    def call_later(self, delay, fn):
        self.by_time[self.clock.time() + delay].append(fn)

    def run(self):
        while self.by_time:
            when = min(self.by_time)
            if when > self.clock.time():
                self.clock.sleep(when - self.clock.time())
            fns = self.by_time[when]
            fn = fns.pop(0)
            if not fns:
                del self.by_time[when]
            fn()
