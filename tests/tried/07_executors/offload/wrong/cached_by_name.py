# cause: otra llamada
seen = {}


async def offload(fn):
    if fn.__name__ not in seen:
        seen[fn.__name__] = await asyncio.to_thread(fn)
    return seen[fn.__name__]
