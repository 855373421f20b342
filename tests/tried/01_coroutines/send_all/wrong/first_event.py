# cause: M02
async def send_all(emails, send):
    arrived = asyncio.Event()

    async def one(to):
        await send(to)
        arrived.set()

    tasks = [asyncio.create_task(one(to)) for to in emails]
    if tasks:
        await arrived.wait()
    return len(tasks)
