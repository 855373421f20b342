# cause: repetida
async def send_all(emails, send):
    from collections import Counter
    for to in Counter(emails):
        await send(to)
    return len(emails)
