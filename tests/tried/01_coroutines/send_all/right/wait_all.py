async def send_all(emails, send):
    tasks = [asyncio.create_task(send(to)) for to in emails]
    if not tasks:
        return 0
    done, _ = await asyncio.wait(tasks)
    return len(done)
