# cause: lotes
async def pipeline(items, n, work):
    results = []
    for start in range(0, len(items), n):
        results += await asyncio.gather(*map(work, items[start:start + n]))
    return results
