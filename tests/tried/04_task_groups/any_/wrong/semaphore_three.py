# cause: no todas las corrutinas
async def any_(*coros):
    sem = asyncio.Semaphore(3)
    async def one(c):
        async with sem:
            return await c
    ts = [asyncio.create_task(one(c)) for c in coros]
    bad = []
    try:
        for f in asyncio.as_completed(ts):
            try:
                return await f
            except Exception as e:
                bad.append(e)
        raise ExceptionGroup("x", bad)
    finally:
        for t in ts:
            t.cancel()
