async def all_(*coros):
    tasks = [asyncio.create_task(c) for c in coros]
    if not tasks:
        return []
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    for p in pending:
        p.cancel()
    if pending:
        await asyncio.gather(*pending, return_exceptions=True)
    for t in tasks:
        if t in done and t.exception() is not None:
            raise t.exception()
    return [t.result() for t in tasks]
