# cause: sin esperar a `release`
@asynccontextmanager
async def connection(pool):
    conn = await pool.acquire()
    try:
        yield conn
    finally:
        task = asyncio.create_task(pool.release(conn))
        task.add_done_callback(print)
