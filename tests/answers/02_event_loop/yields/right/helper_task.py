async def yields(fn):
    others = []

    async def other():
        others.append("avanzó")

    task = asyncio.create_task(other(), name="other")
    await fn()
    answer = len(others) > 0
    await task
    return answer
