import bisect


class MiniLoop:
    def __init__(self, clock):
        self.clock = clock
        self.items = []

    def call_soon(self, fn):
        self.call_later(0, fn)

    def call_later(self, delay, fn):
        bisect.insort_right(self.items, (self.clock.time() + delay, fn), key=lambda item: item[0])

    def run(self):
        while self.items:
            when, fn = self.items.pop(0)
            self.clock.sleep(max(0, when - self.clock.time()))
            fn()
