class connection:
    def __init__(self, pool):
        self.pool, self.conn = pool, None

    async def __aenter__(self):
        self.conn = await self.pool.acquire()
        return self.conn

    async def __aexit__(self, kind, error, trace):
        conn, self.conn = self.conn, None
        await self.pool.release(conn)
        return False
