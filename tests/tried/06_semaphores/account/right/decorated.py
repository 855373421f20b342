import functools


def exclusive(method):
    @functools.wraps(method)
    async def wrapper(self, *args):
        async with self.lock:
            return await method(self, *args)

    return wrapper


class Account:
    def __init__(self, balance, record):
        self.lock, self.balance, self.record = asyncio.Lock(), balance, record

    @exclusive
    async def withdraw(self, n):
        if self.balance < n:
            return False
        await self.record(n)
        self.balance -= n
        return True
