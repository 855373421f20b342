async def as_finished(fn, items):
    async def one(item):
        return (item, await fn(item))
    pending = {asyncio.ensure_future(one(i)) for i in items}
    try:
        while pending:
            done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            for d in done:
                yield d.result()
    finally:
        [p.cancel() for p in pending]
        if pending:
            await asyncio.wait(pending)
