# cause: await
async def fetch_all(ids, fetch):
    tasks = (asyncio.create_task(fetch(i)) for i in ids)
    return [await t for t in tasks]
