async def race(*coros):
    if not coros:
        raise ValueError
    async with asyncio.TaskGroup() as tg:
        tasks = [tg.create_task(_quiet(coro)) for coro in coros]
        done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
    kind, what = done.pop().result()
    if kind == "error":
        raise what
    return what


async def _quiet(coro):
    try:
        return "ok", await coro
    except Exception as error:
        return "error", error
