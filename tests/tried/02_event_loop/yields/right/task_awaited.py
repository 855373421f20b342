async def yields(fn) -> bool:
    ran = []

    async def other():
        ran.append(1)

    task = asyncio.create_task(other())
    await fn()
    answer = len(ran) > 0
    await task
    return answer
