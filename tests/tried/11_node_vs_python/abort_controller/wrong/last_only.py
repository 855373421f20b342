# cause: solo algunos
class AbortController:
    def __init__(self):
        self.signal = SimpleNamespace(aborted=False)
        self.task = None

    def abort(self):
        if self.signal.aborted:
            return
        self.signal.aborted = True
        if self.task:
            self.task.cancel()

    async def run(self, coro):
        if self.signal.aborted:
            coro.close()
            raise AbortError
        task = asyncio.create_task(coro)
        self.task = task
        try:
            return await task
        except asyncio.CancelledError:
            if self.signal.aborted and not asyncio.current_task().cancelling():
                raise AbortError from None
            raise
        finally:
            pass
