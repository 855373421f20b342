class Account:
    def __init__(self, balance, record):
        self.__cents, self.__record, self.__lock = balance, record, asyncio.Lock()

    @property
    def balance(self):
        return self.__cents

    async def withdraw(self, n):
        async with self.__lock:
            if self.__cents - n < 0:
                return False
            await self.__record(n)
            self.__cents -= n
            return True
