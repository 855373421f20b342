async def send_all(emails, send):
    if not emails:
        return 0
    await send(emails[0])
    return 1 + await send_all(emails[1:], send)
