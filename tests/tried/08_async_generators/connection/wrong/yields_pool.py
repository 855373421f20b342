# cause: entregas
@asynccontextmanager
async def connection(pool):
    conn = await pool.acquire()
    try:
        yield pool
    finally:
        await pool.release(conn)
