POOL = ThreadPoolExecutor(8)


async def offload(fn):
    return await asyncio.wrap_future(POOL.submit(fn))
