# cause: IndexError
async def send_all(emails, send):
    i = 0
    while True:
        await send(emails[i])
        i += 1
        if i == len(emails):
            return i
