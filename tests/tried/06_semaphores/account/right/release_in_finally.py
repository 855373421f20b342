class Account:
    def __init__(self, balance, record):
        self.balance, self.record, self.sem = balance, record, asyncio.Semaphore(1)

    async def withdraw(self, n):
        await self.sem.acquire()
        try:
            if self.balance >= n:
                await self.record(n)
                self.balance -= n
                return True
            return False
        finally:
            self.sem.release()
