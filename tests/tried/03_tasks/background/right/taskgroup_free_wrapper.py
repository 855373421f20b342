class Background:
    def __init__(self):
        self.errors = []
        self.tasks = []
    def spawn(self, coro):
        t = asyncio.create_task(self._guard(coro))
        self.tasks.append(t)
        return t
    async def _guard(self, coro):
        me = asyncio.current_task()
        try:
            return await coro
        except asyncio.CancelledError:
            raise
        except BaseException as e:
            self.errors.append(e)
        finally:
            self.tasks.remove(me)
