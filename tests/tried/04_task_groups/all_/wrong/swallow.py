# cause: se pierde
async def all_(*coros):
    try:
        async with asyncio.TaskGroup() as tg:
            tasks = [tg.create_task(c) for c in coros]
    except* Exception:
        return_value = []
    else:
        return_value = [t.result() for t in tasks]
    return return_value
