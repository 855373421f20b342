class AggregateError(ExceptionGroup):
    pass
async def any_(*coros):
    ts = [asyncio.create_task(c) for c in coros]
    bad = []
    try:
        for f in asyncio.as_completed(ts):
            try:
                return await f
            except Exception as e:
                bad += [e]
        raise AggregateError("All promises were rejected", bad)
    finally:
        [t.cancel() for t in ts]
        await asyncio.wait(ts)
