# cause: no se libera nada
# cause: el `try` empieza después
@asynccontextmanager
async def connection(pool):
    try:
        conn = await pool.acquire()
        yield conn
    finally:
        await pool.release(conn)
