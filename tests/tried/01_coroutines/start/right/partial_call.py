import functools


def start(fn, *args) -> asyncio.Task:
    call = functools.partial(fn, *args)
    return asyncio.create_task(call())
