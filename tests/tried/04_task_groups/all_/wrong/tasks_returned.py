# cause: devuelves tareas
async def all_(*coros):
    async with asyncio.TaskGroup() as tg:
        tasks = [tg.create_task(c) for c in coros]
    return tasks
