# cause: los mism
async def any_(*coros):
    ts = [asyncio.create_task(c) for c in coros]
    bad = []
    try:
        for f in asyncio.as_completed(ts):
            try:
                return await f
            except Exception as e:
                bad.append(Exception(str(e)))
        raise ExceptionGroup("x", bad)
    finally:
        for t in ts:
            t.cancel()
