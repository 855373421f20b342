# cause: M11
class Account:
    def __init__(self, balance, record):
        self.balance, self.record = balance, record

    async def withdraw(self, n):
        balance = self.balance
        if n > balance:
            return False
        await self.record(n)
        self.balance = balance - n
        return True
