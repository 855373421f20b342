async def race(*coros):
    if len(coros) == 0:
        raise ValueError("race() vacía")
    ends = asyncio.Queue()

    async def run(coro):
        try:
            ends.put_nowait((await coro, None))
        except Exception as error:
            ends.put_nowait((None, error))

    tasks = [asyncio.create_task(run(coro)) for coro in coros]
    try:
        value, error = await ends.get()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    if error is not None:
        raise error
    return value
