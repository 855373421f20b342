# cause: `abort()` falla
# fails: test_abort_controller_a
class AbortController:
    def __init__(self):
        self.signal = SimpleNamespace(aborted=False)
        self.tasks = []
        self.ended = 0

    def abort(self):
        if self.signal.aborted:
            return
        self.signal.aborted = True
        for task in [*self.tasks]:
            self.tasks.remove(task)
            task.cancel()
        if self.ended:
            raise RuntimeError("no hay nada que cancelar")

    async def run(self, coro):
        if self.signal.aborted:
            coro.close()
            raise AbortError
        task = asyncio.create_task(coro)
        self.tasks.append(task)
        try:
            return await task
        except asyncio.CancelledError:
            if self.signal.aborted and not asyncio.current_task().cancelling():
                raise AbortError from None
            raise
        finally:
            self.ended += 1
            if task in self.tasks:
                self.tasks.remove(task)
