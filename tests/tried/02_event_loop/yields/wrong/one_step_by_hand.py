# cause: termine
async def yields(fn):
    coro = fn()
    try:
        coro.send(None)
    except StopIteration:
        return False
    coro.close()
    return True
