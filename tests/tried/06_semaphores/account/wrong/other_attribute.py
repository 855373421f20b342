# cause: atributo
class Account:
    def __init__(self, balance, record):
        self.saldo, self.record, self.lock = balance, record, asyncio.Lock()

    async def withdraw(self, n):
        async with self.lock:
            if n > self.saldo:
                return False
            await self.record(n)
            self.saldo -= n
            return True
