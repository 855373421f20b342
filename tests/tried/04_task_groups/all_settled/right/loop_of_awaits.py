async def all_settled(*coros):
    ts = [asyncio.ensure_future(c) for c in coros]
    out = []
    try:
        for t in ts:
            try:
                out.append({"status": "fulfilled", "value": await t})
            except Exception as e:
                out.append({"status": "rejected", "reason": e})
    finally:
        for t in ts:
            t.cancel()
    return out
