# cause: llega tarde
async def ticker(n, every):
    loop = asyncio.get_running_loop()
    start = loop.time()
    for i in range(n):
        due = start + i * every
        while due < loop.time():
            due += every
        await asyncio.sleep(due - loop.time())
        yield i
