# cause: qué bloque se ejecuta
@asynccontextmanager
async def connection(pool):
    conn = await pool.acquire()
    yield conn
    await pool.release(conn)
