class Mailer:
    def __init__(self, send):
        self.send, self.count = send, 0

    async def one(self, to):
        await self.send(to)
        self.count += 1


async def send_all(emails, send):
    mailer = Mailer(send)
    async with asyncio.TaskGroup() as group:
        [group.create_task(mailer.one(to)) for to in emails]
    return mailer.count
