# cause: no por plazo
class MiniLoop:
    def __init__(self, clock):
        self.clock = clock
        self.ready = deque()
        self.scheduled = []
        self.numbers = itertools.count()

    def call_soon(self, fn):
        self.ready.append(fn)

    def call_later(self, delay, fn):
        self.scheduled.append((self.clock.time() + delay, 0, fn))

    def run(self):
        while self.ready or self.scheduled:
            if not self.ready and (wait := self.scheduled[0][0] - self.clock.time()) > 0:
                self.clock.sleep(wait)
            while self.scheduled and self.scheduled[0][0] <= self.clock.time():
                self.ready.append(self.scheduled.pop(0)[2])
            for _ in range(len(self.ready)):
                self.ready.popleft()()
