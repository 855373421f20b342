# cause: el lote espera
async def fetch_all(urls, fetch, limit):
    tasks = []
    for i in range(0, len(urls), limit):
        async with asyncio.TaskGroup() as tg:
            tasks += [tg.create_task(fetch(u)) for u in urls[i : i + limit]]
    return [t.result() for t in tasks]
