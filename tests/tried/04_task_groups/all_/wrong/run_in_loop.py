# cause: ya está en marcha
async def all_(*coros):
    return asyncio.get_event_loop().run_until_complete(asyncio.gather(*coros))
