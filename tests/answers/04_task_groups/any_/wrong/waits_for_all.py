# cause: devuelves tarde
# fails: test_any__a
async def any_(*coros):
    results = await asyncio.gather(*coros, return_exceptions=True)
    for result in results:
        if not isinstance(result, Exception):
            return result
    raise ExceptionGroup("todas han fallado", results)
