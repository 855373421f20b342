# cause: futuro
def start(fn, *args):
    return asyncio.shield(fn(*args))
