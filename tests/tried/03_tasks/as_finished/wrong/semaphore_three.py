# cause: no todas las llamadas están en curso
async def as_finished(fn, items):
    sem = asyncio.Semaphore(3)
    async def p(i):
        async with sem:
            return i, await fn(i)
    ts = [asyncio.create_task(p(i)) for i in items]
    try:
        for f in asyncio.as_completed(ts):
            yield await f
    finally:
        for t in ts:
            t.cancel()
