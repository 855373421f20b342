async def send_all(emails, send):
    slots = asyncio.Semaphore(2)

    async def one(to):
        async with slots:
            await send(to)
            return 1

    return sum(await asyncio.gather(*map(one, emails)))
