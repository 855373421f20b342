from contextlib import AsyncExitStack


@asynccontextmanager
async def connection(pool):
    async with AsyncExitStack() as stack:
        conn = await pool.acquire()
        stack.push_async_callback(pool.release, conn)
        yield conn
