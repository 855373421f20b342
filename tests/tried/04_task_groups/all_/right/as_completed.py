async def all_(*coros):
    tasks = [asyncio.create_task(c) for c in coros]
    try:
        for f in asyncio.as_completed(tasks):
            await f
    except Exception:
        for t in tasks:
            t.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
    return [t.result() for t in tasks]
