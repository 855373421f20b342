# cause: nadie cancela
async def as_finished(fn, items):
    async def p(i):
        return i, await fn(i)
    for f in asyncio.as_completed([p(i) for i in items]):
        yield await f
