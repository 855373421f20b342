class MiniLoop(Queues):
    def run(self):
        while self.ready or self.scheduled:
            if not self.ready:
                wait = self.scheduled[0][0] - self.clock.time()
                if wait > 0:
                    self.clock.sleep(wait)
            while self.scheduled and self.scheduled[0][0] <= self.clock.time():
                self.ready.append(self.scheduled.pop(0)[1])
            for fn in [self.ready.popleft() for _ in range(len(self.ready))]:
                fn()
