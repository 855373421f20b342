# cause: lanzas tarde
# cause: M14
# fails: test_all__b, test_all__c
async def all_(*coros):
    results = await asyncio.gather(*coros, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result
    return results
