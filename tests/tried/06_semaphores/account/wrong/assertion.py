# cause: devuelve `False`
class Account:
    def __init__(self, balance, record):
        self.balance, self.record, self.lock = balance, record, asyncio.Lock()

    async def withdraw(self, n):
        async with self.lock:
            assert n <= self.balance, "sin saldo"
            await self.record(n)
            self.balance -= n
            return True
