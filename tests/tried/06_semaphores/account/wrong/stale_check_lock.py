# cause: M11
class Account:
    def __init__(self, balance, record):
        self.balance, self.record, self.lock = balance, record, asyncio.Lock()

    async def withdraw(self, n):
        if n > self.balance:
            return False
        async with self.lock:
            await self.record(n)
            self.balance -= n
        return True
