# cause: M18
# fails: test_all_settled_b
async def all_settled(*coros):
    async def settle(coro):
        try:
            return {"status": "fulfilled", "value": await coro}
        except BaseException as error:
            return {"status": "rejected", "reason": error}

    async with asyncio.TaskGroup() as tg:
        tasks = [tg.create_task(settle(coro)) for coro in coros]
    return [task.result() for task in tasks]
