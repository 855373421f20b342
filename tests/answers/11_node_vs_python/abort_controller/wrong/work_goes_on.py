# cause: el trabajo sigue
# fails: test_abort_controller_b
class AbortController:
    def __init__(self):
        self.signal = SimpleNamespace(aborted=False)
        self.stop = asyncio.Event()

    def abort(self):
        if self.signal.aborted:
            return
        self.signal.aborted = True
        self.stop.set()

    async def run(self, coro):
        if self.signal.aborted:
            coro.close()
            raise AbortError
        work, stop = asyncio.create_task(coro), asyncio.create_task(self.stop.wait())
        await asyncio.wait([work, stop], return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            raise AbortError
        stop.cancel()
        return work.result()
