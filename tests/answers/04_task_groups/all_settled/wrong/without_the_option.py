# cause: el primer error sale
# fails: test_all_settled_a
async def all_settled(*coros):
    results = await asyncio.gather(*coros)
    return [{"status": "fulfilled", "value": result} for result in results]
