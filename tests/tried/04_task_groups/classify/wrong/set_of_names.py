# cause: tipos, no hojas
async def classify(fn):
    names = set()
    def go(e):
        if isinstance(e, ExceptionGroup):
            for x in e.exceptions:
                go(x)
        else:
            names.add(type(e).__name__)
    try:
        await fn()
    except Exception as e:
        go(e)
    return dict.fromkeys(names, 1)
