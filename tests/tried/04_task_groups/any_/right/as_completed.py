async def any_(*coros):
    ts = [asyncio.create_task(c) for c in coros]
    bad = []
    try:
        for f in asyncio.as_completed(ts):
            try:
                return await f
            except Exception as e:
                bad.append(e)
    finally:
        for t in ts:
            t.cancel()
    raise ExceptionGroup("nada", bad)
