alive = set()


def start(fn, *args):
    task = asyncio.create_task(fn(*args))
    alive.add(task)
    task.add_done_callback(alive.discard)
    return task
