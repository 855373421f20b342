# cause: más de una vez
async def classify(fn):
    out = {}
    def go(e):
        if isinstance(e, ExceptionGroup):
            for x in e.exceptions:
                go(x)
        else:
            out[type(e).__name__] = out.get(type(e).__name__, 0) + 1
    try:
        await fn()
    except ExceptionGroup:
        try:
            await fn()
        except ExceptionGroup as e:
            go(e)
    except Exception as e:
        go(e)
    return out
