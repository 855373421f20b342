# cause: devuelve
class Account:
    def __init__(self, balance, record):
        self.balance, self.record, self.lock = balance, record, asyncio.Lock()

    async def withdraw(self, n):
        async with self.lock:
            if n > self.balance:
                return False
            self.balance -= n
            try:
                return await self.record(n)
            except BaseException:
                self.balance += n
                raise
