# cause: no su texto
async def all_settled(*coros):
    return [
        {"status": "rejected", "reason": f"{type(r).__name__}: {r}"} if isinstance(r, Exception) else {"status": "fulfilled", "value": r}
        for r in await asyncio.gather(*coros, return_exceptions=True)
    ]
