async def yields(fn):
    flag = False

    async def witness():
        nonlocal flag
        flag = True

    task = asyncio.ensure_future(witness())
    await fn()
    result = flag
    if not task.done():
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            pass
    return result
