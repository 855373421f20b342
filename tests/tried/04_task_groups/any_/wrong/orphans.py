# cause: otras siguen
async def any_(*coros):
    bad = []
    for f in asyncio.as_completed(coros):
        try:
            return await f
        except Exception as e:
            bad.append(e)
    raise ExceptionGroup("x", bad)
