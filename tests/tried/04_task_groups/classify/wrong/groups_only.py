# cause: suelto
async def classify(fn):
    out = {}
    def go(e):
        for x in e.exceptions:
            if isinstance(x, ExceptionGroup):
                go(x)
            else:
                out[type(x).__name__] = out.get(type(x).__name__, 0) + 1
    try:
        await fn()
    except ExceptionGroup as e:
        go(e)
    return out
