async def any_(*coros):
    ready = asyncio.Event()
    good, bad = [], []
    async def one(c):
        try:
            good.append(await c)
        except Exception as e:
            bad.append(e)
        if good or len(bad) == len(coros):
            ready.set()
    ts = [asyncio.create_task(one(c)) for c in coros]
    await ready.wait()
    for t in ts:
        t.cancel()
    if good:
        return good[0]
    raise ExceptionGroup("ninguna", bad)
