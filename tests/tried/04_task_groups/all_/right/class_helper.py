class Everything:
    def __init__(self, coros):
        self.results = {}
        self.coros = coros
    async def one(self, n):
        self.results[n] = await self.coros[n]
    async def run(self):
        try:
            async with asyncio.TaskGroup() as tg:
                for n in range(len(self.coros)):
                    tg.create_task(self.one(n))
        except ExceptionGroup as g:
            raise g.exceptions[0] from None
        return [self.results[n] for n in range(len(self.coros))]
async def all_(*coros):
    return await Everything(coros).run()
