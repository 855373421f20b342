# cause: sin correo
async def send_all(emails, send):
    for to in emails[:3]:
        await send(to)
    return len(emails)
