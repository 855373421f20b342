# cause: M18
# fails: test_all_settled_b
async def all_settled(*coros):
    tasks = [asyncio.create_task(coro) for coro in coros]
    try:
        results = await asyncio.gather(*tasks, return_exceptions=True)
    except BaseException:
        results = await asyncio.gather(*tasks, return_exceptions=True)
    return [
        {"status": "rejected", "reason": result}
        if isinstance(result, BaseException)
        else {"status": "fulfilled", "value": result}
        for result in results
    ]
