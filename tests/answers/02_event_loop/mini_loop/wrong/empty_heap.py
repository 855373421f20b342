# cause: el primer elemento de una lista vacía
class MiniLoop:
    def __init__(self, clock):
        self.clock = clock
        self.ready = deque()
        self.scheduled = []
        self.numbers = itertools.count()

    def call_soon(self, fn):
        self.ready.append(fn)

    def call_later(self, delay, fn):
        heappush(self.scheduled, (self.clock.time() + delay, next(self.numbers), fn))

    def run(self):
        while True:
            if not self.ready and (wait := self.scheduled[0][0] - self.clock.time()) > 0:
                self.clock.sleep(wait)
            while self.scheduled and self.scheduled[0][0] <= self.clock.time():
                self.ready.append(heappop(self.scheduled)[2])
            for _ in range(len(self.ready)):
                self.ready.popleft()()
