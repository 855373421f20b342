async def all_settled(*coros):
    out = [{} for _ in coros]
    async def one(d, c):
        try:
            d["value"] = await c
            d["status"] = "fulfilled"
        except Exception as e:
            d.update(status="rejected", reason=e)
    await asyncio.gather(*map(one, out, coros))
    return out
