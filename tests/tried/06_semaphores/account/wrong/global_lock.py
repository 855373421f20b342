# cause: cerrojo
LOCKS = {}


class Account:
    def __init__(self, balance, record):
        self.balance, self.record = balance, record

    async def withdraw(self, n):
        lock = LOCKS.setdefault(id(asyncio.get_running_loop()), asyncio.Lock())
        async with lock:
            if n > self.balance:
                return False
            await self.record(n)
            self.balance -= n
            return True
