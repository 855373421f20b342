# cause: el saldo ha cambiado
class Account:
    def __init__(self, balance, record):
        self.balance, self.record = balance, record

    async def withdraw(self, n):
        if n > self.balance:
            return False
        self.balance -= n
        try:
            await self.record(n)
        except (OSError, asyncio.CancelledError):
            self.balance += n
            raise
        return True
