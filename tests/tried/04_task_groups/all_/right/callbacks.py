async def all_(*coros):
    loop = asyncio.get_running_loop()
    fails = loop.create_future()
    tasks = [loop.create_task(c) for c in coros]
    def look(t):
        if not t.cancelled() and t.exception() and not fails.done():
            fails.set_result(t.exception())
    for t in tasks:
        t.add_done_callback(look)
    everything = asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.wait([fails, everything], return_when=asyncio.FIRST_COMPLETED) if tasks else None
    if fails.done():
        for t in tasks:
            t.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise fails.result()
    return [t.result() for t in tasks]
