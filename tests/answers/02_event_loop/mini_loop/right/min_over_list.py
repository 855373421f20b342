class MiniLoop:
    def __init__(self, clock):
        self.clock = clock
        self.ready = deque()
        self.timers = []

    def call_soon(self, fn):
        self.ready.append(fn)

    def call_later(self, delay, fn):
        self.timers.append((self.clock.time() + delay, fn))

    def run(self):
        while True:
            while self.ready:
                self.ready.popleft()()
            if not self.timers:
                return
            timer = min(self.timers, key=lambda timer: timer[0])
            if timer[0] > self.clock.time():
                self.clock.sleep(timer[0] - self.clock.time())
            self.timers.remove(timer)
            self.ready.append(timer[1])
