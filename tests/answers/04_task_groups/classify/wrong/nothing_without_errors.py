# cause: ¿falta un `return`?
# fails: test_classify_b
async def classify(fn):
    def leaves(error):
        if isinstance(error, ExceptionGroup):
            return [leaf for inner in error.exceptions for leaf in leaves(inner)]
        return [error]

    try:
        await fn()
    except Exception as error:
        names = [type(leaf).__name__ for leaf in leaves(error)]
        return {name: names.count(name) for name in names}
