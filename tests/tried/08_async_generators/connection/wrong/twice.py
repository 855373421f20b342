# cause: más de una vez
@asynccontextmanager
async def connection(pool):
    conn = await pool.acquire()
    try:
        yield conn
        await pool.release(conn)
    finally:
        await pool.release(conn)
