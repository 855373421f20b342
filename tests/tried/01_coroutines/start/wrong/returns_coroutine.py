# cause: M01
def start(fn, *args):
    coro = fn(*args)
    return coro
