@asynccontextmanager
async def connection(pool):
    conn, got = None, False
    try:
        conn = await pool.acquire()
        got = True
        yield conn
    finally:
        if got:
            await pool.release(conn)
