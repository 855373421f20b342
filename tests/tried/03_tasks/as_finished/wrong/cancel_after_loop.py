# cause: nadie cancela
async def as_finished(fn, items):
    async def p(i):
        return i, await fn(i)
    ts = [asyncio.create_task(p(i)) for i in items]
    for f in asyncio.as_completed(ts):
        yield await f
    for t in ts:
        t.cancel()
