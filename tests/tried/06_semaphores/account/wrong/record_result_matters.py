# cause: lo que devuelve `record` no importa
class Account:
    def __init__(self, balance, record):
        self.balance, self.record, self.lock = balance, record, asyncio.Lock()

    async def withdraw(self, n):
        async with self.lock:
            if n > self.balance:
                return False
            if not await self.record(n):
                return False
            self.balance -= n
            return True
