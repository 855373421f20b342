# cause: no en el orden de `ids`
async def fetch_all(ids, fetch):
    return (await asyncio.gather(*map(fetch, ids)))[::-1]
