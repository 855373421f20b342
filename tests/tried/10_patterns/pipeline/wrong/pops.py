# cause: modificas
async def pipeline(items, n, work):
    total, results = len(items), []
    async def consume():
        while items:
            place = total - len(items)
            results.append((place, await work(items.pop(0))))
    async with asyncio.TaskGroup() as tg:
        for _ in range(n):
            tg.create_task(consume())
    return [r for _, r in sorted(results, key=lambda pair: pair[0])]
