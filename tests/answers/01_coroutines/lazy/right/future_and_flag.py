class Lazy:
    def __init__(self, coro):
        self.coro = coro
        self.started = False

    def __await__(self):
        if not self.started:
            self.started = True
            self.future = asyncio.get_running_loop().create_future()
            try:
                self.future.set_result((yield from self.coro.__await__()))
            except Exception as error:
                self.future.set_exception(error)
        return (yield from self.future)
