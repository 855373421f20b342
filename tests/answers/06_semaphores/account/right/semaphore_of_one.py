class Account:
    def __init__(self, balance, record):
        self.balance, self.record = balance, record
        self._one_at_a_time = asyncio.BoundedSemaphore(1)

    async def withdraw(self, n):
        async with self._one_at_a_time:
            return n <= self.balance and await self._take(n)

    async def _take(self, n):
        await self.record(n)
        self.balance -= n
        return True
