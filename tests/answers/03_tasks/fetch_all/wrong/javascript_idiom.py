# cause: M08
# fails: test_fetch_all_b
async def fetch_all(ids, fetch):
    promises = [fetch(id_) for id_ in ids]
    return [await promise for promise in promises]
