# cause: si un id se repite, su respuesta también
# fails: test_fetch_all_a
async def fetch_all(ids, fetch):
    async with asyncio.TaskGroup() as tg:
        tasks = {id_: tg.create_task(fetch(id_)) for id_ in ids}
    return [task.result() for task in tasks.values()]
