# cause: yield
async def as_finished(fn, items):
    async def p(i):
        return i, await fn(i)
    return [await f for f in asyncio.as_completed([p(i) for i in items])]
