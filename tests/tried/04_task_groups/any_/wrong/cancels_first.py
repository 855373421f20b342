# cause: otras siguen
async def any_(*coros):
    ts = [asyncio.create_task(c) for c in coros]
    bad = []
    for f in asyncio.as_completed(ts):
        try:
            v = await f
        except Exception as e:
            bad.append(e)
            continue
        for t in ts:
            if not t.done():
                t.cancel()
                break
        return v
    raise ExceptionGroup("x", bad)
