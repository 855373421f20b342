# cause: falso
async def any_(*coros):
    ts = [asyncio.create_task(c) for c in coros]
    bad, v = [], None
    try:
        for f in asyncio.as_completed(ts):
            try:
                v = await f
                if v is not None:
                    return v
            except Exception as e:
                bad.append(e)
        raise ExceptionGroup("x", bad)
    finally:
        for t in ts:
            t.cancel()
