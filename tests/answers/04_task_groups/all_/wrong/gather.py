# cause: M14
# fails: test_all__c
async def all_(*coros):
    return list(await asyncio.gather(*coros))
