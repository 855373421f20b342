# cause: comparten
import functools


@functools.cache
def start(fn, *args):
    return asyncio.create_task(fn(*args))
