async def send_all(emails: list[str], send) -> int:
    tasks = []
    for to in emails:
        tasks.append(asyncio.create_task(send(to), name=to))
    for task in tasks:
        await task
    return len(tasks)
