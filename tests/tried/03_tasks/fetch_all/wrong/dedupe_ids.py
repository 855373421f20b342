# cause: si un id se repite
async def fetch_all(ids, fetch):
    return await asyncio.gather(*[fetch(i) for i in dict.fromkeys(ids)])
