# cause: ocultas el error
# cause: M18
@asynccontextmanager
async def connection(pool):
    conn = await pool.acquire()
    try:
        yield conn
    except BaseException:
        pass
    await pool.release(conn)
