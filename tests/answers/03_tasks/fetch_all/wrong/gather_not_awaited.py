# cause: devuelves un futuro
# fails: test_fetch_all_a, test_fetch_all_b
async def fetch_all(ids, fetch):
    return asyncio.gather(*(fetch(id_) for id_ in ids))
