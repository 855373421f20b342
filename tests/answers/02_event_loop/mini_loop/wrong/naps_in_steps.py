# cause: duermes más veces de las necesarias
# fails: test_mini_loop_b
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
        while self.ready or self.scheduled:
            while not self.ready and self.scheduled[0][0] > self.clock.time():
                self.clock.sleep(0.5)
                if self.scheduled[0][0] <= self.clock.time():
                    break
            while self.scheduled and self.scheduled[0][0] <= self.clock.time():
                self.ready.append(heappop(self.scheduled)[2])
            for _ in range(len(self.ready)):
                self.ready.popleft()()
