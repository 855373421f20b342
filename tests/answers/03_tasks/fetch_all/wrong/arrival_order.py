# cause: M16
# fails: test_fetch_all_a
async def fetch_all(ids, fetch):
    tasks = [asyncio.create_task(fetch(id_)) for id_ in ids]
    return [await answer for answer in asyncio.as_completed(tasks)]
