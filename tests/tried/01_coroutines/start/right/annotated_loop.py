def start(fn, *args):
    loop: asyncio.AbstractEventLoop = asyncio.get_running_loop()
    coro = fn(*args)
    task = loop.create_task(coro)
    return task
