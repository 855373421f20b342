async def send_all(emails, send):
    async with asyncio.TaskGroup() as tg:
        tasks = [tg.create_task(send(to)) for to in emails]
    return len(tasks)
