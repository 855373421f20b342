# cause: sin correo
async def send_all(emails, send):
    count = 0
    for to in emails:
        await send(to)
        count += 1
        return count
    return 0
