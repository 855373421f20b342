# cause: ocultas el error de `record`
# fails: test_account_a
class Account:
    def __init__(self, balance, record):
        self.balance, self.record = balance, record
        self.lock = asyncio.Lock()

    async def withdraw(self, n):
        async with self.lock:
            if self.balance < n:
                return False
            try:
                await self.record(n)
            except Exception:
                return False
            self.balance -= n
            return True
