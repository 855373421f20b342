# cause: la tuya no devuelve nada
class Account:
    def __init__(self, balance, record):
        self.balance, self.record, self.lock = balance, record, asyncio.Lock()

    async def withdraw(self, n):
        async with self.lock:
            if self.balance >= n:
                await self.record(n)
                self.balance -= n
                return True
