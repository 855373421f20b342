# cause: orden de llegada
async def fetch_all(ids, fetch):
    d = []
    for i, f in zip(ids, asyncio.as_completed([fetch(i) for i in ids])):
        d.append(await f)
    return d
