# cause: no su texto
# fails: test_all_settled_a
async def all_settled(*coros):
    results = await asyncio.gather(*coros, return_exceptions=True)
    return [
        {"status": "rejected", "reason": str(result)}
        if isinstance(result, BaseException)
        else {"status": "fulfilled", "value": result}
        for result in results
    ]
