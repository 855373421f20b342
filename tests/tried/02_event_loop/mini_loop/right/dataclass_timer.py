import dataclasses


@dataclasses.dataclass(order=True)
class Timer:
    when: float
    number: int
    fn: object = dataclasses.field(compare=False)


class MiniLoop:
    def __init__(self, clock) -> None:
        self.clock, self.heap, self.n = clock, [], itertools.count()

    def call_soon(self, fn):
        heappush(self.heap, Timer(self.clock.time(), next(self.n), fn))

    def call_later(self, delay, fn):
        timer = Timer(self.clock.time() + delay, next(self.n), fn)
        heappush(self.heap, timer)
        return timer

    def run(self):
        while self.heap:
            timer = heappop(self.heap)
            if timer.when > self.clock.now:
                self.clock.sleep(timer.when - self.clock.now)
            timer.fn()
