# cause: cuenta
sent = 0


async def send_all(emails, send):
    global sent
    for to in emails:
        await send(to)
        sent += 1
    return sent
