# cause: llega tarde
async def ticker(n, every):
    loop = asyncio.get_running_loop()
    due = loop.time()
    for i in range(n):
        await asyncio.sleep(due - loop.time())
        yield i
        due = max(due, loop.time() - every) + every
