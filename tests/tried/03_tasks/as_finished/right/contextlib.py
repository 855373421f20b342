import contextlib
async def as_finished(fn, items):
    async def pair(i):
        return i, await fn(i)
    async with contextlib.AsyncExitStack() as stack:
        ts = []
        for i in items:
            t = asyncio.create_task(pair(i))
            stack.callback(t.cancel)
            ts.append(t)
        for f in asyncio.as_completed(ts):
            yield await f
