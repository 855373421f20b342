async def any_(*coros):
    pending = {asyncio.create_task(coro) for coro in coros}
    errors = []
    while pending:
        done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            if task.exception() is None:
                for loser in pending:
                    loser.cancel()
                return task.result()
            errors.append(task.exception())
    raise ExceptionGroup("todas han fallado", errors)
