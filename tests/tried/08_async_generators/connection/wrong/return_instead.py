# cause: falta `yield`
@asynccontextmanager
async def connection(pool):
    return await pool.acquire()
