# cause: M18
# fails: test_background_c
class Background:
    def __init__(self):
        self.tasks = set()
        self.errors = []

    def spawn(self, coro):
        task = asyncio.create_task(self._run(coro))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    async def _run(self, coro):
        try:
            await coro
        except asyncio.CancelledError:
            pass
        except Exception as error:
            self.errors.append(error)
