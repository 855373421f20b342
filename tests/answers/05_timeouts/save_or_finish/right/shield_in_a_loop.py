async def save_or_finish(save):
    task = asyncio.create_task(save())
    cancelled = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
        except Exception:
            break  # `task.result()` lo dice después
    if cancelled:
        raise cancelled
    return task.result()
