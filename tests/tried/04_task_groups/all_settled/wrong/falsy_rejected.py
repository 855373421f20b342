# cause: valor falso
async def all_settled(*coros):
    out = []
    for r in await asyncio.gather(*coros, return_exceptions=True):
        out.append({"status": "fulfilled", "value": r} if r and not isinstance(r, Exception) else {"status": "rejected", "reason": r})
    return out
