# cause: M11
# fails: test_account_a
class Account:
    def __init__(self, balance, record):
        self.balance, self.record = balance, record

    async def withdraw(self, n):
        if self.balance < n:
            return False
        await self.record(n)
        self.balance -= n
        return True
