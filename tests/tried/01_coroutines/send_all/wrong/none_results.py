# cause: cuenta
async def send_all(emails, send):
    results = [await send(to) for to in emails]
    return len([r for r in results if r is None])
