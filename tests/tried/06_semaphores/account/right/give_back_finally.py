class Account:
    def __init__(self, balance, record):
        self.balance, self.record = balance, record

    async def withdraw(self, n):
        if n > self.balance:
            return False
        self.balance -= n
        done = False
        try:
            await self.record(n)
            done = True
        finally:
            if not done:
                self.balance += n
        return done
