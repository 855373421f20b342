# cause: dos veces
async def classify(fn):
    seen, out = set(), {}
    def go(e):
        if isinstance(e, ExceptionGroup):
            for x in e.exceptions:
                go(x)
        elif id(e) not in seen:
            seen.add(id(e))
            out[type(e).__name__] = out.get(type(e).__name__, 0) + 1
    try:
        await fn()
    except Exception as e:
        go(e)
    return out
