async def send_all(emails, send):
    await asyncio.gather(*(send(e) for e in emails))
    return len(emails)
