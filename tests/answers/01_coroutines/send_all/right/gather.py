async def send_all(emails, send):
    return len(await asyncio.gather(*map(send, emails)))
