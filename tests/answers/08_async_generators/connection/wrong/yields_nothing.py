# cause: no entregas la conexión
# fails: test_connection_a
@asynccontextmanager
async def connection(pool):
    conn = await pool.acquire()
    try:
        yield
    finally:
        await pool.release(conn)
