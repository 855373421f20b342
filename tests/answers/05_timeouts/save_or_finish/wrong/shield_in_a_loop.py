# cause: ocupa el lugar de la cancelación
# fails: test_save_or_finish_b
async def save_or_finish(save):
    task = asyncio.create_task(save())
    cancelled = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled:
        raise cancelled
    return task.result()
