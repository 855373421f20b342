# cause: cancelas
async def send_all(emails, send):
    tasks = [asyncio.create_task(send(to)) for to in emails]
    if tasks:
        _, late = await asyncio.wait(tasks, timeout=60)
        for task in late:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return len(emails)
