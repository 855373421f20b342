async def ticker(n, every):
    time = asyncio.get_running_loop().time
    due = time()
    for i in range(n):
        if (left := due - time()) > 0:
            await asyncio.sleep(left)
        yield i
        due += every
