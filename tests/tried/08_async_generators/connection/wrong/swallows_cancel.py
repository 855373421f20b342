# cause: cancelación
@asynccontextmanager
async def connection(pool):
    conn = await pool.acquire()
    try:
        yield conn
    except asyncio.CancelledError:
        pass
    finally:
        await pool.release(conn)
