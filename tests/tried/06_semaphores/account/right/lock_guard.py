class Account:
    def __init__(self, balance, record):
        self.balance, self._record, self._lock = balance, record, asyncio.Lock()

    async def withdraw(self, n):
        async with self._lock:
            if n > self.balance:
                return False
            await self._record(n)
            self.balance -= n
        return True
