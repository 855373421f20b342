# cause: ha fallado
async def all_settled(*coros):
    async def one(c):
        try:
            return await c
        except Exception:
            return None
    return [{"status": "fulfilled", "value": r} for r in await asyncio.gather(*map(one, coros))]
