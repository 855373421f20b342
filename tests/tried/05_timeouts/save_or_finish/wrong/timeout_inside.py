# cause: la cancelación llega hasta `save`
async def save_or_finish(save):
    try:
        async with asyncio.TaskGroup() as tg:
            task = tg.create_task(save())
        return task.result()
    except* OSError as group:
        raise group.exceptions[0]
