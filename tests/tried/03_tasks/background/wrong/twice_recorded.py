# cause: más de una vez
class Background:
    def __init__(self):
        self.tasks = set()
        self.errors = []
    def spawn(self, coro):
        task = asyncio.create_task(self.run(coro))
        self.tasks.add(task)
        task.add_done_callback(self._end)
        return task
    async def run(self, coro):
        try:
            return await coro
        except Exception as e:
            self.errors.append(e)
            raise
    def _end(self, task):
        self.tasks.discard(task)
        if not task.cancelled() and task.exception():
            self.errors.append(task.exception())
