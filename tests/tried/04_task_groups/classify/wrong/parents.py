# cause: deriva
async def classify(fn):
    out = {}
    def go(e):
        if isinstance(e, ExceptionGroup):
            for x in e.exceptions:
                go(x)
        else:
            for kind in (OSError, ValueError, TypeError, LookupError, ArithmeticError, Exception):
                if isinstance(e, kind):
                    out[kind.__name__] = out.get(kind.__name__, 0) + 1
                    break
    try:
        await fn()
    except Exception as e:
        go(e)
    return out
