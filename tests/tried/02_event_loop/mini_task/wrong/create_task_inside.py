# cause: loop
class MiniTask:
    def __init__(self, coro, loop):
        self.done, self.result, self.error = False, None, None

        async def run():
            try:
                self.result = await coro
            except Exception as error:
                self.error = error
            self.done = True

        loop.create_task(run())
