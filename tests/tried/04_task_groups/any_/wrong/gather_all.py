# cause: tarde
async def any_(*coros):
    rs = await asyncio.gather(*coros, return_exceptions=True)
    good = [r for r in rs if not isinstance(r, Exception)]
    if good:
        return good[0]
    raise ExceptionGroup("x", rs)
