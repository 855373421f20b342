# cause: ya está en marcha
async def fetch_all(ids, fetch):
    loop = asyncio.get_event_loop()
    return loop.run_until_complete(asyncio.gather(*map(fetch, ids)))
