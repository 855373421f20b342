# cause: hay saldo para otra y la rechazas
# fails: test_account_a, test_account_b
class Account:
    def __init__(self, balance, record):
        self.balance, self.record = balance, record
        self.lock = asyncio.Lock()

    async def withdraw(self, n):
        async with self.lock:
            if self.balance <= n:
                return False
            await self.record(n)
            self.balance -= n
            return True
