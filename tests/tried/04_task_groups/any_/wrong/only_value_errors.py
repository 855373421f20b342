# cause: un solo error
async def any_(*coros):
    ts = [asyncio.create_task(c) for c in coros]
    bad = []
    try:
        for f in asyncio.as_completed(ts):
            try:
                return await f
            except ValueError as e:
                bad.append(e)
        raise ExceptionGroup("x", bad)
    finally:
        for t in ts:
            t.cancel()
