# cause: esa tarea aún no ha terminado
# fails: test_fetch_all_a, test_fetch_all_b
async def fetch_all(ids, fetch):
    tasks = [asyncio.create_task(fetch(id_)) for id_ in ids]
    return [task.result() for task in tasks]
