class Account:
    def __init__(self, balance, record):
        self.balance, self.record, self.cond = balance, record, asyncio.Condition()

    async def withdraw(self, n):
        async with self.cond:
            ok = self.balance >= n
            if ok:
                await self.record(n)
                self.balance -= n
            return ok
