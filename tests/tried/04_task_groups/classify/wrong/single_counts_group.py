# cause: suelto
async def classify(fn):
    out = {}
    try:
        await fn()
    except Exception as e:
        todo = list(e.exceptions)
        while todo:
            x = todo.pop()
            if isinstance(x, ExceptionGroup):
                todo += x.exceptions
            else:
                out[type(x).__name__] = out.get(type(x).__name__, 0) + 1
    return out
