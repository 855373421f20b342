# cause: sigue esperando
async def fetch_all(ids, fetch):
    tasks = [asyncio.create_task(fetch(i)) for i in ids]
    await asyncio.sleep(20)
    return [t.result() for t in tasks]
