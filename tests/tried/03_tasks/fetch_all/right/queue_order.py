async def fetch_all(ids, fetch):
    q = asyncio.PriorityQueue()
    async def one(n, i):
        answer = await fetch(i)
        await q.put((n, n * 0.5, [answer]))
    async with asyncio.TaskGroup() as tg:
        for n, i in enumerate(ids):
            tg.create_task(one(n, i))
    return [q.get_nowait()[2][0] for _ in ids]
