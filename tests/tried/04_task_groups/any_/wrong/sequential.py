# cause: antes de iniciar la siguiente
async def any_(*coros):
    bad = []
    for c in coros:
        try:
            return await c
        except Exception as e:
            bad.append(e)
    raise ExceptionGroup("x", bad)
