# cause: hacen cola
gate = asyncio.Semaphore(3)


async def offload(fn):
    async with gate:
        return await asyncio.to_thread(fn)
