async def any_(*coros):
    ts = [asyncio.ensure_future(c) for c in coros]
    async def pick(left, bad):
        if not left:
            raise ExceptionGroup("todas fallan", bad)
        done, left = await asyncio.wait(left, return_when=asyncio.FIRST_COMPLETED)
        for d in done:
            if not d.exception():
                return d.result()
        return await pick(left, bad + [d.exception() for d in done])
    try:
        return await pick(set(ts), [])
    finally:
        for t in ts:
            t.cancel()
