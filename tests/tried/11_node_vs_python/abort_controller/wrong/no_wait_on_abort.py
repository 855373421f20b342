# cause: M17
class AbortController:
    def __init__(self):
        self.signal = SimpleNamespace(aborted=False)
        self.tasks = set()
        self.stopped = asyncio.Event()

    def abort(self):
        if self.signal.aborted:
            return
        self.signal.aborted = True
        self.stopped.set()
        for task in list(self.tasks):
            task.cancel()

    async def run(self, coro):
        if self.signal.aborted:
            coro.close()
            raise AbortError
        task = asyncio.create_task(coro)
        self.tasks.add(task)
        try:
            await asyncio.wait({task, asyncio.ensure_future(self.stopped.wait())}, return_when=asyncio.FIRST_COMPLETED)
            if self.signal.aborted:
                raise AbortError
            return task.result()
        except asyncio.CancelledError:
            if self.signal.aborted and not asyncio.current_task().cancelling():
                raise AbortError from None
            raise
        finally:
            self.tasks.discard(task)
