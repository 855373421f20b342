async def yields(fn):
    ran = asyncio.Event()

    async def other():
        ran.set()

    async with asyncio.TaskGroup() as group:
        group.create_task(other())
        await fn()
        answer = ran.is_set()
    return answer
