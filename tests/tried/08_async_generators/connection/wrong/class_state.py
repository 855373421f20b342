# cause: en el mismo sitio
class connection:
    conn = None

    def __init__(self, pool):
        connection.pool = pool

    async def __aenter__(self):
        connection.conn = await self.pool.acquire()
        return connection.conn

    async def __aexit__(self, *exc_info):
        await self.pool.release(connection.conn)
