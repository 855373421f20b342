# cause: M10
# fails: test_fetch_all_a, test_fetch_all_b
import time


async def fetch_all(ids, fetch):
    tasks = [asyncio.create_task(fetch(id_)) for id_ in ids]
    while not all(task.done() for task in tasks):
        await asyncio.sleep(0)
        time.sleep(1)
    return [task.result() for task in tasks]
