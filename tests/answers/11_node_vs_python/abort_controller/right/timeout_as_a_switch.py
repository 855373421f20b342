class AbortController:
    def __init__(self):
        self.limits = []

    @property
    def signal(self):
        return self

    aborted = False

    def abort(self):
        if self.aborted:
            return
        self.aborted = True
        for limit in self.limits:
            limit.reschedule(asyncio.get_running_loop().time())

    async def run(self, coro):
        if self.aborted:
            coro.close()
            raise AbortError
        limit = asyncio.timeout(None)
        try:
            async with limit:
                self.limits.append(limit)
                try:
                    return await coro
                finally:
                    self.limits.remove(limit)
        except TimeoutError:
            if limit.expired():
                raise AbortError from None
            raise
