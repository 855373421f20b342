async def any_(*coros):
    pending = {asyncio.create_task(c) for c in coros}
    bad = []
    try:
        while pending:
            done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            for d in done:
                if d.exception() is None:
                    return d.result()
                bad.append(d.exception())
    finally:
        for p in pending:
            p.cancel()
    raise ExceptionGroup("", bad)
