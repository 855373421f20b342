# cause: comparten
class Account:
    balance = None

    def __init__(self, balance, record):
        Account.balance = balance
        self.record, self.lock = record, asyncio.Lock()

    async def withdraw(self, n):
        async with self.lock:
            if n > Account.balance:
                return False
            await self.record(n)
            Account.balance -= n
            return True
