class Account:
    def __init__(self, balance, record):
        self.balance = balance
        self.record = record
        self.lock = asyncio.Lock()

    async def withdraw(self, n):
        await self.lock.acquire()
        try:
            enough = self.balance >= n
            if enough:
                await self.record(n)
                self.balance = self.balance - n
        finally:
            self.lock.release()
        return enough
