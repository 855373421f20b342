# cause: el lote espera
async def fetch_all(urls, fetch, limit):
    out = []
    for i in range(0, len(urls), limit):
        out.extend(await asyncio.gather(*(fetch(u) for u in urls[i : i + limit])))
    return out
