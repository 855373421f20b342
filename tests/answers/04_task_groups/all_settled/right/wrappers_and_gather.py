async def all_settled(*coros):
    async def settle(coro):
        try:
            return {"status": "fulfilled", "value": await coro}
        except Exception as error:
            return {"status": "rejected", "reason": error}

    return await asyncio.gather(*map(settle, coros))
