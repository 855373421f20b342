async def save_or_finish(save):
    results = asyncio.Queue()

    async def run():
        try:
            results.put_nowait((await save(), None))
        except Exception as error:
            results.put_nowait((None, error))

    task = asyncio.create_task(run())
    cancelled = False
    try:
        value, error = await results.get()
    except asyncio.CancelledError:
        cancelled = True
        value, error = await results.get()
    await task
    if cancelled:
        raise asyncio.CancelledError
    if error:
        raise error
    return value
