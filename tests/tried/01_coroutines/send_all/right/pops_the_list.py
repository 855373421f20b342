async def send_all(emails, send):
    count = 0
    while emails:
        await send(emails.pop())
        count += 1
    return count
