class Background:
    def __init__(self):
        self.tasks = {}
        self.errors = []

    def spawn(self, coro):
        number = object()

        async def job():
            try:
                return await coro
            except Exception as error:
                self.errors.append(error)
            finally:
                del self.tasks[number]

        self.tasks[number] = asyncio.create_task(job())
        return self.tasks[number]
