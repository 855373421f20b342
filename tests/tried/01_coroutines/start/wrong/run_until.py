# cause: M06
def start(fn, *args):
    return asyncio.get_event_loop().run_until_complete(fn(*args))
