# cause: las siguientes conservan su instante
# fails: test_ticker_b
async def ticker(n, every):
    loop = asyncio.get_running_loop()
    due = loop.time()
    for i in range(n):
        await asyncio.sleep(due - loop.time())
        due = loop.time() + every
        yield i
