# cause: tragas la cancelación
class Account:
    def __init__(self, balance, record):
        self.balance, self.record, self.lock = balance, record, asyncio.Lock()

    async def withdraw(self, n):
        async with self.lock:
            if n > self.balance:
                return False
            try:
                await self.record(n)
            except asyncio.CancelledError:
                return False
            self.balance -= n
            return True
