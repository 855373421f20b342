# cause: hilo del bucle
async def offload(fn):
    async def run():
        return fn()

    return await asyncio.create_task(run())
