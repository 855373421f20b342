# cause: diccionario
async def classify(fn):
    def n(e):
        return sum(map(n, e.exceptions)) if isinstance(e, ExceptionGroup) else 1
    try:
        await fn()
    except Exception as e:
        return n(e)
    return 0
