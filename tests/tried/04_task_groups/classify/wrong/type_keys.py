# cause: su nombre
async def classify(fn):
    out = {}
    def go(e):
        if isinstance(e, ExceptionGroup):
            for x in e.exceptions:
                go(x)
        else:
            out[type(e)] = out.get(type(e), 0) + 1
    try:
        await fn()
    except Exception as e:
        go(e)
    return out
