# cause: cuenta
async def send_all(emails, send):
    return sum([await send(to) for to in emails])
