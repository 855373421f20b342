# cause: cancel
def start(fn, *args):
    inner = asyncio.create_task(fn(*args))

    async def watch():
        return await asyncio.shield(inner)

    return asyncio.create_task(watch())
