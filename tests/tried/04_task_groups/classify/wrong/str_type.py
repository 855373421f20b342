# cause: nombre del tipo
async def classify(fn):
    out = {}
    def go(e):
        if isinstance(e, ExceptionGroup):
            for x in e.exceptions:
                go(x)
        else:
            out[str(type(e))] = out.get(str(type(e)), 0) + 1
    try:
        await fn()
    except Exception as e:
        go(e)
    return out
