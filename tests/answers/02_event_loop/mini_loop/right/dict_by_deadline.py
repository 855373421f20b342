class MiniLoop:
    def __init__(self, clock):
        self.clock = clock
        self.ready = deque()
        self.due = {}

    def call_soon(self, fn):
        self.ready.append(fn)

    def call_later(self, delay, fn):
        self.due.setdefault(self.clock.time() + delay, []).append(fn)

    def run(self):
        while self.ready or self.due:
            if self.ready:
                fn = self.ready.popleft()
                fn()
                continue
            when = min(self.due)
            pause = when - self.clock.time()
            if pause > 0:
                self.clock.sleep(pause)
            self.ready.extend(self.due.pop(when))
