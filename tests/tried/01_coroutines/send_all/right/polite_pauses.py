async def send_all(emails, send):
    count = 0
    for count, to in enumerate(emails, 1):
        await send(to)
        await asyncio.sleep(0.5)
    return count
