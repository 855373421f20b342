class AbortController:
    def __init__(self):
        self.signal = SimpleNamespace(aborted=False)
        self.works = {}

    def abort(self):
        if not self.signal.aborted:
            self.signal.aborted = True
            for task in self.works:
                self.works[task] = "abortado"
                task.cancel()

    async def run(self, coro):
        if self.signal.aborted:
            coro.close()
            raise AbortError()
        task = asyncio.get_running_loop().create_task(coro)
        self.works[task] = "en marcha"
        done = asyncio.wait([task])
        try:
            await done
        except asyncio.CancelledError:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            raise
        state = self.works.pop(task)
        if task.cancelled() and state == "abortado":
            raise AbortError()
        return task.result()
