async def all_settled(*coros):
    out = []
    for r in await asyncio.gather(*coros, return_exceptions=True):
        if isinstance(r, Exception):
            out.append(dict(status="rejected", reason=r))
        else:
            out.append(dict(status="fulfilled", value=r))
    return out
