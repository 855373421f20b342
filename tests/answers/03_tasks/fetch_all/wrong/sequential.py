# cause: M08
# fails: test_fetch_all_b
async def fetch_all(ids, fetch):
    return [await fetch(id_) for id_ in ids]
