# cause: nadie suelta el cerrojo
# fails: test_account_a
class Account:
    def __init__(self, balance, record):
        self.balance, self.record = balance, record
        self.lock = asyncio.Lock()

    async def withdraw(self, n):
        await self.lock.acquire()
        enough = self.balance >= n
        if enough:
            await self.record(n)
            self.balance -= n
        self.lock.release()
        return enough
