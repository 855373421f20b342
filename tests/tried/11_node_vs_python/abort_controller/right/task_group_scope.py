class AbortController:
    def __init__(self):
        self.signal = SimpleNamespace(aborted=False)
        self._events = []

    def abort(self):
        if self.signal.aborted:
            return
        self.signal.aborted = True
        for event in self._events:
            event.set()

    async def run(self, coro):
        if self.signal.aborted:
            coro.close()
            raise AbortError("abortado")
        stop = asyncio.Event()
        self._events.append(stop)
        work, watch = asyncio.ensure_future(coro), asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait({work, watch}, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                return work.result()
            work.cancel()
            await asyncio.wait([work])
            raise AbortError("abortado")
        finally:
            self._events.remove(stop)
            for task in (work, watch):
                task.cancel()
            await asyncio.gather(work, watch, return_exceptions=True)
