async def all_settled(*coros):
    async def one(c):
        try:
            return {"status": "fulfilled", "value": await c}
        except Exception as e:
            return {"status": "rejected", "reason": e}
    async with asyncio.TaskGroup() as tg:
        ts = [tg.create_task(one(c)) for c in coros]
    return [t.result() for t in ts]
