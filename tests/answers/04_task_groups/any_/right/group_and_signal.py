class Winner(Exception):
    pass


async def any_(*coros):
    errors = []

    async def compete(coro):
        try:
            value = await coro
        except Exception as error:
            errors.append(error)
        else:
            raise Winner(value)

    try:
        async with asyncio.TaskGroup() as tg:
            for coro in coros:
                tg.create_task(compete(coro))
    except* Winner as eg:
        winner = eg.exceptions[0].args[0]
    else:
        raise ExceptionGroup("todas han fallado", errors)
    return winner
