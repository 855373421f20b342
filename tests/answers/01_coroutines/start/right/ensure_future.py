def start(fn, *args):
    return asyncio.ensure_future(fn(*args))
