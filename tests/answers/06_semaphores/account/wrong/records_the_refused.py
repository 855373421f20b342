# cause: apuntas retiradas que rechazas
# fails: test_account_a
class Account:
    def __init__(self, balance, record):
        self.balance, self.record = balance, record
        self.lock = asyncio.Lock()

    async def withdraw(self, n):
        async with self.lock:
            await self.record(n)
            if self.balance < n:
                return False
            self.balance -= n
            return True
