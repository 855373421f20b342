# cause: ocultas el error
class connection:
    def __init__(self, pool):
        self.pool = pool

    async def __aenter__(self):
        self.conn = await self.pool.acquire()
        return self.conn

    async def __aexit__(self, *exc_info):
        await self.pool.release(self.conn)
        return True
