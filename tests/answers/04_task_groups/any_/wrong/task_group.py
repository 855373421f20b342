# cause: no gana si ha fallado
# cause: faltan errores
# fails: test_any__a, test_any__b
async def any_(*coros):
    async with asyncio.TaskGroup() as tg:
        tasks = [tg.create_task(coro) for coro in coros]
    return tasks[0].result()
