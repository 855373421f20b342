# cause: al entrar
class connection:
    def __init__(self, pool):
        self.pool, self.task = pool, asyncio.create_task(pool.acquire())

    async def __aenter__(self):
        return await self.task

    async def __aexit__(self, *exc_info):
        await self.pool.release(self.task.result())
