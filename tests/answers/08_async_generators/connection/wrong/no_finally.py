# cause: la conexión no vuelve
@asynccontextmanager
async def connection(pool):
    conn = await pool.acquire()
    yield conn
    await pool.release(conn)
