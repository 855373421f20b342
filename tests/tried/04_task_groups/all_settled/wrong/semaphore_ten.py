# cause: no todas las corrutinas
async def all_settled(*coros):
    sem = asyncio.Semaphore(10)
    async def one(c):
        async with sem:
            return await c
    rs = await asyncio.gather(*map(one, coros), return_exceptions=True)
    return [{"status": "rejected", "reason": r} if isinstance(r, Exception) else {"status": "fulfilled", "value": r} for r in rs]
