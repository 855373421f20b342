async def as_finished(fn, items):
    items_of = {asyncio.ensure_future(fn(item)): item for item in items}
    pending = set(items_of)
    try:
        while pending:
            done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                yield items_of[task], task.result()
    finally:
        for task in pending:
            task.cancel()
