class Pipeline:
    def __init__(self, items, n, work):
        self.queue, self.n, self.work, self.items = asyncio.Queue(n), n, work, items
        self.results = {}
    async def produce(self):
        for place, item in enumerate(self.items):
            await self.queue.put((place, item))
        for _ in range(self.n):
            await self.queue.put(None)
    async def consume(self):
        while True:
            match await self.queue.get():
                case None:
                    return
                case (place, item):
                    self.results[place] = await self.work(item)
    async def run(self):
        async with asyncio.TaskGroup() as tg:
            tg.create_task(self.produce())
            for _ in range(self.n):
                tg.create_task(self.consume())
        return [self.results[k] for k in sorted(self.results)]

async def pipeline(items, n, work):
    return await Pipeline(items, n, work).run()
