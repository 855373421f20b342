# cause: signal
class AbortController:
    def __init__(self):
        self.signal = False
        self.tasks = set()

    def abort(self):
        if self.signal:
            return
        self.signal = True
        for task in list(self.tasks):
            task.cancel()

    async def run(self, coro):
        if self.signal:
            coro.close()
            raise AbortError
        task = asyncio.create_task(coro)
        self.tasks.add(task)
        try:
            return await task
        except asyncio.CancelledError:
            if self.signal and not asyncio.current_task().cancelling():
                raise AbortError from None
            raise
        finally:
            self.tasks.discard(task)
