# cause: otra cosa
async def any_(*coros):
    async def one(n, c):
        return n, await c
    ts = [asyncio.create_task(one(n, c)) for n, c in enumerate(coros)]
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
