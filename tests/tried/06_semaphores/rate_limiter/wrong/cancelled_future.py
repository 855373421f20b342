# cause: InvalidStateError
class RateLimiter:
    def __init__(self, rate, burst=1):
        self.step, self.free, self.queue, self.at = 1 / rate, burst, [], 0.0

    async def acquire(self):
        loop = asyncio.get_running_loop()
        if self.free:
            self.free -= 1
        else:
            future = loop.create_future()
            self.queue.append(future)
            await future
        self.at = max(self.at, loop.time()) + self.step
        loop.call_at(self.at, self._give)

    def _give(self):
        if self.queue:
            self.queue.pop(0).set_result(None)
        else:
            self.free += 1
