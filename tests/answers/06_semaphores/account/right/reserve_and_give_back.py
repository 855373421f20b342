class Account:
    def __init__(self, balance, record):
        self.balance = balance
        self.record = record

    async def withdraw(self, n):
        if self.balance < n:
            return False
        self.balance -= n
        try:
            await self.record(n)
        except BaseException:
            self.balance += n
            raise
        return True
