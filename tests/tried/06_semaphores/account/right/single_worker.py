class Account:
    def __init__(self, balance, record):
        self.balance, self.record, self.last = balance, record, None

    async def withdraw(self, n):
        before, mine = self.last, asyncio.get_running_loop().create_future()
        self.last = mine
        try:
            if before is not None:
                await before
            if self.balance < n:
                return False
            await self.record(n)
            self.balance -= n
            return True
        finally:
            mine.set_result(None)
