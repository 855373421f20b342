async def send_all(emails: list[str], send) -> int:
    for to in emails:
        await send(to)
    return len(emails)
