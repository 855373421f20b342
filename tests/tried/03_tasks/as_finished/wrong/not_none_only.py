# cause: falsos
async def as_finished(fn, items):
    async def p(i):
        return i, await fn(i)
    ts = [asyncio.create_task(p(i)) for i in items if i]
    try:
        for f in asyncio.as_completed(ts):
            i, r = await f
            if r is not None and r is not False:
                yield i, r
    finally:
        for t in ts:
            t.cancel()
