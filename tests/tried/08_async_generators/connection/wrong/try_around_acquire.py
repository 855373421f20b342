# cause: no hay nada que liberar
@asynccontextmanager
async def connection(pool):
    conn = None
    try:
        conn = await pool.acquire()
        yield conn
    finally:
        await pool.release(conn)
