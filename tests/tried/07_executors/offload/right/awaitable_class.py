class Offloaded:
    def __init__(self, fn):
        self.fn = fn

    def __await__(self):
        return asyncio.to_thread(self.fn).__await__()


async def offload(fn):
    return await Offloaded(fn)
