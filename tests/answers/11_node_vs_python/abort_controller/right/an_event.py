class AbortController:
    def __init__(self):
        self.signal = SimpleNamespace(aborted=False)
        self._stop = asyncio.Event()

    def abort(self):
        self.signal.aborted = True
        self._stop.set()

    async def run(self, coro):
        if self.signal.aborted:
            coro.close()
            raise AbortError("abortado")
        work = asyncio.create_task(coro)
        stop = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait([work, stop], return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                return work.result()
            raise AbortError("abortado")
        finally:
            for task in (work, stop):
                task.cancel()
            await asyncio.gather(work, stop, return_exceptions=True)
