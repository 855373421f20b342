class Settler:
    async def settle(self, coro):
        try:
            value = await coro
        except Exception as reason:
            return {"status": "rejected", "reason": reason}
        else:
            return {"status": "fulfilled", "value": value}
    async def all(self, coros):
        return list(await asyncio.gather(*[self.settle(c) for c in coros]))
async def all_settled(*coros):
    return await Settler().all(coros)
