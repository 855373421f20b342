# cause: pierdes las de los demás
class Background:
    def __init__(self):
        self.tasks = set()
        self.errors = []
    def spawn(self, coro):
        task = asyncio.create_task(self.run(coro))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task
    async def run(self, coro):
        try:
            await coro
        except (ValueError, KeyError) as e:
            self.errors.append(e)
