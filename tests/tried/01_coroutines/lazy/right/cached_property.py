import functools


class Lazy:
    def __init__(self, coro):
        self._coro = coro

    @functools.cached_property
    def _task(self):
        return asyncio.create_task(self._coro)

    def __await__(self):
        return self._task.__await__()
