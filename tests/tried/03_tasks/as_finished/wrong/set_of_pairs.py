# cause: repetido
async def as_finished(fn, items):
    async def p(i):
        return i, await fn(i)
    seen = set()
    ts = [asyncio.create_task(p(i)) for i in items]
    try:
        for f in asyncio.as_completed(ts):
            pair = await f
            if pair not in seen:
                seen.add(pair)
                yield pair
    finally:
        for t in ts:
            t.cancel()
