# cause: huérfanas
async def all_settled(*coros):
    tasks = [asyncio.create_task(c) for c in coros]
    rs = await asyncio.shield(asyncio.gather(*tasks, return_exceptions=True))
    return [{"status": "rejected", "reason": r} if isinstance(r, Exception) else {"status": "fulfilled", "value": r} for r in rs]
