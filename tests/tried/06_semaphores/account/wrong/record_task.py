# cause: espera
class Account:
    def __init__(self, balance, record):
        self.balance, self.record = balance, record

    async def withdraw(self, n):
        if n > self.balance:
            return False
        self.balance -= n
        asyncio.create_task(self.record(n))
        return True
