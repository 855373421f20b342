async def any_(*coros):
    q = asyncio.Queue()
    async def one(c):
        try:
            q.put_nowait((True, await c))
        except Exception as e:
            q.put_nowait((False, e))
    ts = [asyncio.create_task(one(c)) for c in coros]
    bad = []
    for _ in ts:
        ok, v = await q.get()
        if ok:
            for t in ts:
                t.cancel()
            await asyncio.gather(*ts, return_exceptions=True)
            return v
        bad.append(v)
    raise ExceptionGroup("fallan", bad)
