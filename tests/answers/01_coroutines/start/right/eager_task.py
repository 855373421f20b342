import sys


def start(fn, *args) -> asyncio.Task:
    coro = fn(*args)
    if sys.version_info < (3, 12):
        return asyncio.create_task(coro)
    return asyncio.Task(coro, loop=asyncio.get_running_loop(), eager_start=True)
