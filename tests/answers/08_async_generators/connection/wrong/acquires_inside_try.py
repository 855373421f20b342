# cause: antes de darle un valor
# cause: el `try` empieza después
@asynccontextmanager
async def connection(pool):
    try:
        conn = await pool.acquire()
        yield conn
    finally:
        await pool.release(conn)
