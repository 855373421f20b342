# cause: M16
# fails: test_all__a
async def all_(*coros):
    results = []

    async def keep(coro):
        results.append(await coro)

    try:
        async with asyncio.TaskGroup() as tg:
            for coro in coros:
                tg.create_task(keep(coro))
    except ExceptionGroup as eg:
        raise eg.exceptions[0] from None
    return results
