def start(fn, *args) -> asyncio.Task:
    return asyncio.ensure_future(fn(*args))
