# cause: devuelves los ids
# fails: test_fetch_all_a, test_fetch_all_b
async def fetch_all(ids, fetch):
    async with asyncio.TaskGroup() as tg:
        for id_ in ids:
            tg.create_task(fetch(id_))
    return ids
