# cause: de más
async def send_all(emails, send):
    for to in emails:
        await send(to)
        await send(to)
    return len(emails)
