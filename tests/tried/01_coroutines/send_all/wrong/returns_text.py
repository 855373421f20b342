# cause: número
async def send_all(emails, send):
    for to in emails:
        await send(to)
    return str(len(emails))
