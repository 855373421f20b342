class Lazy:
    def __init__(self, coro):
        self.coro, self.future = coro, None

    async def _run(self):
        try:
            self.future.set_result(await self.coro)
        except Exception as error:
            self.future.set_exception(error)

    def __await__(self):
        if self.future is None:
            self.future = asyncio.get_running_loop().create_future()
            self.runner = asyncio.create_task(self._run())
        return self.future.__await__()
