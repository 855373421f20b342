# cause: `pool.acquire()` solo crea
@asynccontextmanager
async def connection(pool):
    conn = pool.acquire()
    try:
        yield conn
    finally:
        await pool.release(conn)
