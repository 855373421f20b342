# cause: ocultas el error
@asynccontextmanager
async def connection(pool):
    conn = await pool.acquire()
    try:
        yield conn
    except Exception:
        pass
    finally:
        await pool.release(conn)
