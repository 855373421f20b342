class Account:
    def __init__(self, balance, record):
        self.balance, self.record, self.pending = balance, record, []

    async def withdraw(self, n):
        if self.balance - sum(self.pending) < n:
            return False
        self.pending.append(n)
        try:
            await self.record(n)
            self.balance -= n
            return True
        finally:
            self.pending.remove(n)
