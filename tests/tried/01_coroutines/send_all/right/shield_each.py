async def send_all(emails, send):
    for to in emails:
        await asyncio.shield(send(to))
    return len(emails)
