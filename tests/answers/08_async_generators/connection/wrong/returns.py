# cause: falta `yield`
@asynccontextmanager
async def connection(pool):
    conn = await pool.acquire()
    return conn
