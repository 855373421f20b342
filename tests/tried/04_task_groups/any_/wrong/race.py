# cause: si ha fallado
async def any_(*coros):
    ts = [asyncio.create_task(c) for c in coros]
    done, pending = await asyncio.wait(ts, return_when=asyncio.FIRST_COMPLETED)
    for p in pending:
        p.cancel()
    return next(iter(done)).result()
