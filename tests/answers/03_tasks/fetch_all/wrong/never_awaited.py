# cause: M01
# fails: test_fetch_all_a, test_fetch_all_b
async def fetch_all(ids, fetch):
    return [fetch(id_) for id_ in ids]
