# cause: M02
async def send_all(emails, send):
    task = None
    for to in emails:
        task = asyncio.create_task(send(to))
    if task:
        await task
    return len(emails)
