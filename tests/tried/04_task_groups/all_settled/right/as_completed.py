async def all_settled(*coros):
    async def one(n, c):
        try:
            return n, {"status": "fulfilled", "value": await c}
        except Exception as e:
            return n, {"status": "rejected", "reason": e}
    ts = [asyncio.create_task(one(n, c)) for n, c in enumerate(coros)]
    out = [None] * len(ts)
    try:
        for f in asyncio.as_completed(ts):
            n, d = await f
            out[n] = d
    except asyncio.CancelledError:
        for t in ts:
            t.cancel()
        raise
    return out
