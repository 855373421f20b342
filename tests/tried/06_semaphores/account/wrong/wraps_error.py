# cause: en lugar del error de `record`
class Account:
    def __init__(self, balance, record):
        self.balance, self.record, self.lock = balance, record, asyncio.Lock()

    async def withdraw(self, n):
        async with self.lock:
            if n > self.balance:
                return False
            try:
                await self.record(n)
            except Exception as error:
                raise RuntimeError("no se pudo apuntar") from error
            self.balance -= n
            return True
