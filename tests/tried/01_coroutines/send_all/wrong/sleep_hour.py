# cause: M02
async def send_all(emails, send):
    background = [asyncio.create_task(send(to)) for to in emails]
    await asyncio.sleep(3600.5)
    return len(background)
