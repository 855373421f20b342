async def save_or_finish(save):
    tasks = {asyncio.create_task(save())}
    try:
        done, _ = await asyncio.wait(tasks)
    except asyncio.CancelledError:
        await asyncio.wait(tasks, return_when=asyncio.ALL_COMPLETED)
        raise
    return done.pop().result()
