# cause: M14
# fails: test_any__a
async def any_(*coros):
    tasks = [asyncio.create_task(coro) for coro in coros]
    errors = []
    for finished in asyncio.as_completed(tasks):
        try:
            return await finished
        except Exception as error:
            errors.append(error)
    raise ExceptionGroup("todas han fallado", errors)
