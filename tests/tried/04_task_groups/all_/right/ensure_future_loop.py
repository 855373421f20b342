async def all_(*coros):
    tasks = [asyncio.ensure_future(c) for c in coros]
    pending = set(tasks)
    while pending:
        done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        for t in done:
            if t.exception():
                for p in pending:
                    p.cancel()
                while pending:
                    ended, pending = await asyncio.wait(pending)
                    for e in ended:
                        e.cancelled() or e.exception()
                raise t.exception()
    return [t.result() for t in tasks]
