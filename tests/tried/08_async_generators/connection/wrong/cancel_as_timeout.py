# cause: otra excepción
@asynccontextmanager
async def connection(pool):
    conn = await pool.acquire()
    try:
        yield conn
    except asyncio.CancelledError:
        raise TimeoutError("cancelado") from None
    finally:
        await pool.release(conn)
