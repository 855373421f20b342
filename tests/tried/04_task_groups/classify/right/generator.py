def leaves(e):
    if hasattr(e, "exceptions"):
        for x in e.exceptions:
            yield from leaves(x)
    else:
        yield e
async def classify(fn):
    try:
        await fn()
    except Exception as e:
        out = {}
        for leaf in leaves(e):
            name = type(leaf).__name__
            out[name] = 1 + out.get(name, 0)
        return out
    else:
        return {}
