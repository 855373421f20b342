# cause: M01
class Account:
    def __init__(self, balance, record):
        self.balance, self.record = balance, record

    async def withdraw(self, n):
        if self.balance < n:
            return False
        self.balance -= n
        self.record(n)
        return True
