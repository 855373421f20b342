# cause: tarde
async def as_finished(fn, items):
    async def p(i):
        return i, await fn(i)
    ts = [asyncio.create_task(p(i)) for i in items]
    try:
        for f in asyncio.as_completed(ts):
            pair = await f
            await asyncio.sleep(0.5)
            yield pair
    finally:
        for t in ts:
            t.cancel()
