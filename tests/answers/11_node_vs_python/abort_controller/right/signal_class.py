class Signal:
    def __init__(self):
        self.listeners = []
        self.aborted = False


class AbortController:
    def __init__(self):
        self.signal = Signal()

    def abort(self):
        if self.signal.aborted:
            return
        self.signal.aborted = True
        for listener in self.signal.listeners:
            listener()

    async def run(self, coro):
        if self.signal.aborted:
            coro.close()
            raise AbortError()
        task = asyncio.ensure_future(coro)
        aborted = []
        def stop():
            if not task.done():
                aborted.append(True)
                task.cancel()
        self.signal.listeners.append(stop)
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            raise
        finally:
            self.signal.listeners.remove(stop)
        if task.cancelled() and aborted:
            raise AbortError()
        return task.result()
