class Background:
    def __init__(self):
        self.tasks = []
        self.errors = []

    def spawn(self, coro):
        task = asyncio.get_running_loop().create_task(coro)
        self.tasks.append(task)
        task.add_done_callback(self.done)
        return task

    def done(self, task):
        self.tasks.remove(task)
        try:
            task.result()
        except asyncio.CancelledError:
            pass
        except BaseException as error:
            self.errors.append(error)
