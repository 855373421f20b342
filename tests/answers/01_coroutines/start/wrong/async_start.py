# cause: M01
# fails: test_start_a, test_start_b, test_start_c
async def start(fn, *args):
    return asyncio.create_task(fn(*args))
