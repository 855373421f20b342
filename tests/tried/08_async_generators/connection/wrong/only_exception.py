# cause: CancelledError
@asynccontextmanager
async def connection(pool):
    conn = await pool.acquire()
    try:
        yield conn
    except Exception:
        await pool.release(conn)
        raise
    else:
        await pool.release(conn)
