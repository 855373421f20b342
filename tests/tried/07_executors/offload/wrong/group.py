# cause: ExceptionGroup
async def offload(fn):
    async with asyncio.TaskGroup() as group:
        task = group.create_task(asyncio.to_thread(fn))
    return task.result()
