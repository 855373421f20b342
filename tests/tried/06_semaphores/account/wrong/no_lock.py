# cause: M11
class Account:
    def __init__(self, balance, record):
        self.balance, self.record = balance, record

    async def withdraw(self, n):
        if n > self.balance:
            return False
        await self.record(n)
        self.balance -= n
        return True
