async def yields(fn) -> bool:
    flag = asyncio.Event()

    async def witness():
        flag.set()

    task = asyncio.create_task(witness())
    try:
        await fn()
        return flag.is_set()
    finally:
        task.cancel()
        await asyncio.wait([task])
