class Fallback:
    def __init__(self, seconds, default):
        self.limit, self.default = asyncio.timeout(seconds), default

    async def call(self, fn):
        try:
            async with self.limit:
                return await fn()
        except TimeoutError:
            if self.limit.expired():
                return self.default
            raise


async def with_fallback(fn, seconds, default):
    return await Fallback(seconds, default).call(fn)
