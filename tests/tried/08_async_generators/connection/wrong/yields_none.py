# cause: no entregas la conexión
@asynccontextmanager
async def connection(pool):
    conn = await pool.acquire()
    try:
        yield
    finally:
        await pool.release(conn)
