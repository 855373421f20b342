# cause: llamas a `fn`
async def classify(fn):
    try:
        await fn
    except ExceptionGroup as e:
        return {type(x).__name__: 1 for x in e.exceptions}
    return {}
