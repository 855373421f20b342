# cause: grupo como si fuera
async def classify(fn):
    try:
        await fn()
    except ExceptionGroup as g:
        out = {}
        for e in g.exceptions:
            out[type(e).__name__] = out.get(type(e).__name__, 0) + 1
        return out
    except Exception as e:
        return {type(e).__name__: 1}
    return {}
