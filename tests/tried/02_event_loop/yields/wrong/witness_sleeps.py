# cause: vuelta tarde
async def yields(fn):
    ran = []

    async def other():
        await asyncio.sleep(0)
        ran.append(1)

    task = asyncio.create_task(other())
    await fn()
    answer = bool(ran)
    await task
    return answer
