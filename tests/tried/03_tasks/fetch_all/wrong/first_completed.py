# cause: devuelve
async def fetch_all(ids, fetch):
    tasks = [asyncio.create_task(fetch(i)) for i in ids]
    if not tasks:
        return []
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    return [t.result() for t in done]
