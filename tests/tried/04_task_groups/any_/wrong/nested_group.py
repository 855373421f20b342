# cause: agrupar
async def any_(*coros):
    group = None
    ts = [asyncio.create_task(c) for c in coros]
    try:
        for f in asyncio.as_completed(ts):
            try:
                return await f
            except Exception as e:
                group = ExceptionGroup("x", [e] if group is None else [group, e])
        raise group
    finally:
        for t in ts:
            t.cancel()
