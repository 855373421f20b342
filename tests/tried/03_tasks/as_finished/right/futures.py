async def as_finished(fn, items):
    loop = asyncio.get_running_loop()
    slots = [loop.create_future() for _ in items]
    free = iter(slots)
    async def one(i):
        r = await fn(i)
        next(free).set_result((i, r))
    ts = [loop.create_task(one(i)) for i in items]
    try:
        for s in slots:
            yield await s
    finally:
        for t in ts:
            t.cancel()
        await asyncio.gather(*ts, return_exceptions=True)
