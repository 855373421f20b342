# cause: M08
# fails: test_all__a, test_all__b, test_all__c
async def all_(*coros):
    return [await coro for coro in coros]
