# cause: dos claves
async def all_settled(*coros):
    return [
        {"status": "rejected", "value": None, "reason": r} if isinstance(r, Exception) else {"status": "fulfilled", "value": r, "reason": None}
        for r in await asyncio.gather(*coros, return_exceptions=True)
    ]
