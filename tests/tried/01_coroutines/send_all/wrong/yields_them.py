# cause: yield
async def send_all(emails, send):
    for to in emails:
        yield await send(to)
