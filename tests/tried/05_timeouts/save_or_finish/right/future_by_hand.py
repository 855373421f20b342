async def save_or_finish(save):
    loop = asyncio.get_running_loop()
    finished = loop.create_future()
    task = loop.create_task(save())
    task.add_done_callback(lambda _: finished.done() or finished.set_result(None))
    try:
        await asyncio.shield(finished)
    except asyncio.CancelledError:
        await finished
        raise
    return task.result()
