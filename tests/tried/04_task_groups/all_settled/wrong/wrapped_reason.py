# cause: excepción que lanzó
async def all_settled(*coros):
    return [
        {"status": "rejected", "reason": RuntimeError(str(r))} if isinstance(r, Exception) else {"status": "fulfilled", "value": r}
        for r in await asyncio.gather(*coros, return_exceptions=True)
    ]
