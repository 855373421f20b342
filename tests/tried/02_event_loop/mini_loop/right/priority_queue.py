import queue


class MiniLoop:
    def __init__(self, clock):
        self.clock, self.q, self.n = clock, queue.PriorityQueue(), itertools.count()

    def call_soon(self, fn):
        self.call_later(0, fn)

    def call_later(self, delay, fn):
        self.q.put((self.clock.time() + delay, next(self.n), fn))

    def run(self):
        while not self.q.empty():
            when, _, fn = self.q.get_nowait()
            wait = when - self.clock.time()
            if wait > 0:
                self.clock.sleep(wait)
            fn()
