class Timer:
    def __init__(self, when, number, fn):
        self.when, self.number, self.fn = when, number, fn

    def __lt__(self, other):
        return (self.when, self.number) < (other.when, other.number)


class MiniLoop:
    def __init__(self, clock):
        self.clock, self.queue, self.heap, self.count = clock, deque(), [], 0

    def call_soon(self, fn):
        self.queue.append(fn)

    def call_later(self, delay, fn):
        self.count += 1
        heappush(self.heap, Timer(self.clock.time() + delay, self.count, fn))

    def run(self):
        while self.queue or self.heap:
            self._collect()
            for _ in range(len(self.queue)):
                self.queue.popleft()()

    def _collect(self):
        now = self.clock.time()
        if not self.queue and self.heap[0].when > now:
            self.clock.sleep(self.heap[0].when - now)
        while self.heap and self.heap[0].when <= self.clock.time():
            self.queue.append(heappop(self.heap).fn)
