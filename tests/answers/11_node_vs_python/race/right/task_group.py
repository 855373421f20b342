class Finished(Exception):
    pass


async def race(*coros):
    if not coros:
        raise ValueError("race() sin corrutinas")
    outcome = []

    async def run(coro):
        try:
            result = ("ok", await coro)
        except Exception as error:
            result = ("error", error)
        if not outcome:
            outcome.append(result)
            raise Finished

    try:
        async with asyncio.TaskGroup() as tg:
            for coro in coros:
                tg.create_task(run(coro))
    except* Finished:
        pass
    kind, value = outcome[0]
    if kind == "error":
        raise value
    return value
