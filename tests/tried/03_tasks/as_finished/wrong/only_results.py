# cause: sin su `item`
async def as_finished(fn, items):
    ts = [asyncio.create_task(fn(i)) for i in items]
    try:
        for f in asyncio.as_completed(ts):
            yield await f
    finally:
        for t in ts:
            t.cancel()
