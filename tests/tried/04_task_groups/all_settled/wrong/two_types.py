# cause: cualquier tipo
async def all_settled(*coros):
    return [
        {"status": "rejected", "reason": r} if isinstance(r, (ValueError, RuntimeError)) else {"status": "fulfilled", "value": r}
        for r in await asyncio.gather(*coros, return_exceptions=True)
    ]
