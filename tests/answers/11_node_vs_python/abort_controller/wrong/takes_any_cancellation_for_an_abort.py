# cause: nadie abortó: si el trabajo se cancela por su cuenta
class AbortController:
    def __init__(self) -> None:
        self.signal = SimpleNamespace(aborted=False)
        self.tasks = set()

    def abort(self) -> None:
        if self.signal.aborted:
            return
        self.signal.aborted = True
        for task in self.tasks:
            task.cancel()

    async def run(self, coro):
        if self.signal.aborted:
            coro.close()
            raise AbortError
        task = asyncio.create_task(coro)
        self.tasks.add(task)
        try:
            return await task
        except asyncio.CancelledError:
            if not asyncio.current_task().cancelling():
                raise AbortError from None
            raise
        finally:
            self.tasks.discard(task)
