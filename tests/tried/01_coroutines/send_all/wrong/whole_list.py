# cause: lista entera
async def send_all(emails, send):
    await send(emails)
    return len(emails)
