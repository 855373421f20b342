# cause: la conexión no vuelve
@asynccontextmanager
async def connection(pool):
    yield await pool.acquire()
