async def borrowed(pool):
    conn = await pool.acquire()
    try:
        yield conn
    finally:
        await pool.release(conn)


def connection(pool):
    return asynccontextmanager(borrowed)(pool)
