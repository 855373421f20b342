# cause: await
async def fetch_all(ids, fetch):
    return await asyncio.gather(*[await fetch(i) for i in ids])
