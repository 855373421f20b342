# cause: (id, respuesta)
async def fetch_all(ids, fetch):
    answers = await asyncio.gather(*map(fetch, ids))
    return list(zip(ids, answers))
