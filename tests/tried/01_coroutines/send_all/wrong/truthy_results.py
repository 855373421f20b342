# cause: cuenta
async def send_all(emails, send):
    count = 0
    for to in emails:
        if await send(to):
            count += 1
    return count
