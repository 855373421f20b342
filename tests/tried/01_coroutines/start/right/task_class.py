def start(fn, *args):
    return asyncio.Task(fn(*args))
