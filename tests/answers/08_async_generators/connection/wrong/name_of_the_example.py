# cause: 'conn-1'
# fails: test_connection_a, test_connection_b
@asynccontextmanager
async def connection(pool):
    await pool.acquire()
    try:
        yield "conn-1"
    finally:
        await pool.release("conn-1")
