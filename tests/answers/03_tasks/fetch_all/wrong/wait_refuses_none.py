# cause: sin ids
# fails: test_fetch_all_a, test_fetch_all_b
async def fetch_all(ids, fetch):
    tasks = [asyncio.create_task(fetch(id_)) for id_ in ids]
    await asyncio.wait(tasks)
    return [task.result() for task in tasks]
