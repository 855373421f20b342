# cause: más de una vez
@asynccontextmanager
async def connection(pool):
    conn = await pool.acquire()
    try:
        yield conn
    except BaseException:
        await pool.release(conn)
        raise
    finally:
        await pool.release(conn)
