async def classify(fn):
    names = []
    def go(e):
        if isinstance(e, BaseExceptionGroup):
            [go(x) for x in e.exceptions]
        else:
            names.append(type(e).__qualname__)
    try:
        await fn()
    except* Exception as g:
        go(g)
    return {n: names.count(n) for n in sorted(names)}
