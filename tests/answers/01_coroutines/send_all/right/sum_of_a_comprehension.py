async def send_all(emails, send):
    async def one(to):
        await send(to)
        return 1

    return sum([await one(to) for to in emails])
