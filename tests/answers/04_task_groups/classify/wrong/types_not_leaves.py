# cause: cuentas tipos, no hojas
# fails: test_classify_a
async def classify(fn):
    names = set()

    def walk(error):
        if isinstance(error, ExceptionGroup):
            for inner in error.exceptions:
                walk(inner)
        else:
            names.add(type(error).__name__)

    try:
        await fn()
    except Exception as error:
        walk(error)
    return {name: 1 for name in names}
