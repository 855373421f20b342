# cause: un error ha cancelado a las demás
# fails: test_all_settled_a
async def all_settled(*coros):
    try:
        async with asyncio.TaskGroup() as tg:
            tasks = [tg.create_task(coro) for coro in coros]
    except ExceptionGroup:
        pass
    results = await asyncio.gather(*tasks, return_exceptions=True)
    return [
        {"status": "rejected", "reason": result}
        if isinstance(result, BaseException)
        else {"status": "fulfilled", "value": result}
        for result in results
    ]
