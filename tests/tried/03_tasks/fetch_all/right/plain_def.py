def fetch_all(ids, fetch):
    async def inner():
        return [*await asyncio.gather(*map(fetch, ids))]
    return inner()
