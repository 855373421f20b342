# cause: un cerrojo para todas las cuentas
# cause: M22
class Account:
    lock = asyncio.Lock()

    def __init__(self, balance, record):
        self.balance, self.record = balance, record

    async def withdraw(self, n):
        async with self.lock:
            if self.balance < n:
                return False
            await self.record(n)
            self.balance -= n
            return True
