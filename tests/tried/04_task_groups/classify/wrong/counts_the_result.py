# cause: devuelve
async def classify(fn):
    result = (await asyncio.gather(fn(), return_exceptions=True))[0]
    out = {}
    def go(e):
        if isinstance(e, ExceptionGroup):
            for x in e.exceptions:
                go(x)
        else:
            out[type(e).__name__] = out.get(type(e).__name__, 0) + 1
    go(result)
    return out
