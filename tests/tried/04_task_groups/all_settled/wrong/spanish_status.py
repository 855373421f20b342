# cause: solo puede ser
async def all_settled(*coros):
    return [
        {"status": "rechazada", "reason": r} if isinstance(r, Exception) else {"status": "cumplida", "value": r}
        for r in await asyncio.gather(*coros, return_exceptions=True)
    ]
