# cause: TimeoutError
async def send_all(emails, send):
    for to in emails:
        await asyncio.wait_for(send(to), 10)
    return len(emails)
