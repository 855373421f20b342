# cause: M08
# fails: test_any__a, test_any__b
async def any_(*coros):
    errors = []
    for coro in coros:
        try:
            return await coro
        except Exception as error:
            errors.append(error)
    raise ExceptionGroup("todas han fallado", errors)
