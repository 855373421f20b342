def alone(fn):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(fn).result()


async def offload(fn):
    return await asyncio.to_thread(alone, fn)
