async def send_all(emails, send):
    left, done = len(emails), asyncio.Event()

    async def one(to):
        nonlocal left
        await send(to)
        left -= 1
        if left == 0:
            done.set()

    tasks = {asyncio.create_task(one(to)) for to in emails}
    if tasks:
        await done.wait()
    return len(tasks)
