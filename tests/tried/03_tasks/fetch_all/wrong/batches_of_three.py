# cause: no todas las peticiones están en curso a la vez
async def fetch_all(ids, fetch):
    out = []
    for n in range(0, len(ids), 3):
        out += await asyncio.gather(*map(fetch, ids[n:n + 3]))
    return out
