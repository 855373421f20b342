# cause: otro `item`
async def as_finished(fn, items):
    ts = [asyncio.create_task(fn(i)) for i in items]
    try:
        for i, f in zip(items, asyncio.as_completed(ts)):
            yield i, await f
    finally:
        for t in ts:
            t.cancel()
