# cause: dos claves
async def all_settled(*coros):
    return [
        {"status": "rejected", "error": r} if isinstance(r, Exception) else {"status": "fulfilled", "value": r}
        for r in await asyncio.gather(*coros, return_exceptions=True)
    ]
