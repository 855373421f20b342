async def any_(*coros):
    tasks = [asyncio.ensure_future(coro) for coro in coros]
    errors = []
    for finished in asyncio.as_completed(tasks):
        try:
            winner = await finished
        except Exception as error:
            errors.append(error)
        else:
            for task in tasks:
                task.cancel()
            return winner
    raise ExceptionGroup("todas han fallado", errors)
