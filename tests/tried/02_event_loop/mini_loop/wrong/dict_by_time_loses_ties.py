# cause: pendiente
class MiniLoop:
    def __init__(self, clock):
        self.clock, self.items = clock, {}

    def call_soon(self, fn):
        self.items[self.clock.time(), id(fn)] = fn

    def call_later(self, delay, fn):
        self.items[self.clock.time() + delay] = fn

    def run(self):
        key = lambda k: k[0] if isinstance(k, tuple) else k
        while self.items:
            when = min(self.items, key=key)
            fn = self.items.pop(when)
            if key(when) > self.clock.time():
                self.clock.sleep(key(when) - self.clock.time())
            fn()
