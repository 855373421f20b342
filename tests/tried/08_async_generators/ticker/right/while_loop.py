async def ticker(n, every):
    loop, i = asyncio.get_running_loop(), 0
    due = loop.time()
    while i < n:
        if (left := due - loop.time()) > 0:
            await asyncio.sleep(left)
        yield i
        i += 1
        due += every
