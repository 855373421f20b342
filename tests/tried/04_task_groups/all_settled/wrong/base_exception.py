# cause: cancelación se pierde
async def all_settled(*coros):
    async def one(c):
        try:
            return {"status": "fulfilled", "value": await c}
        except BaseException as e:
            return {"status": "rejected", "reason": e}
    return await asyncio.gather(*map(one, coros))
