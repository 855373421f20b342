# cause: diccionario
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
    except Exception as e:
        go(e)
    return list(out.items())
