# cause: no lanza nada
class AbortController:
    def __init__(self):
        self.signal = SimpleNamespace(aborted=False)
        self.tasks = set()

    def abort(self):
        if self.signal.aborted:
            return
        self.signal.aborted = True
        for task in list(self.tasks):
            task.cancel()
        raise AbortError

    async def run(self, coro):
        if self.signal.aborted:
            coro.close()
            raise AbortError
        task = asyncio.create_task(coro)
        self.tasks.add(task)
        try:
            return await task
        except asyncio.CancelledError:
            if self.signal.aborted and not asyncio.current_task().cancelling():
                raise AbortError from None
            raise
        finally:
            self.tasks.discard(task)
