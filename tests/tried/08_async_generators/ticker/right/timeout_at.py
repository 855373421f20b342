async def ticker(n, every):
    loop = asyncio.get_running_loop()
    start = loop.time()
    for i in range(n):
        if i:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(start + i * every):
                    await asyncio.Event().wait()
        yield i
