async def settle(coro):
    try:
        value = await coro
    except Exception as error:
        return {"status": "rejected", "reason": error}
    return {"status": "fulfilled", "value": value}


async def all_settled(*coros):
    async with asyncio.TaskGroup() as tg:
        tasks = [tg.create_task(settle(coro)) for coro in coros]
    return [task.result() for task in tasks]
