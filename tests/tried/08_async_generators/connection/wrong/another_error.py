# cause: cambias el error
@asynccontextmanager
async def connection(pool):
    conn = await pool.acquire()
    try:
        yield conn
    except Exception as error:
        raise ValueError(f"conexión rota: {error}") from error
    finally:
        await pool.release(conn)
