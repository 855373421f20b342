# cause: M02
async def send_all(emails, send):
    tasks = [asyncio.create_task(send(to)) for to in emails]
    if tasks:
        await asyncio.wait(tasks, timeout=60)
    return len(emails)
