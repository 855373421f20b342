# cause: un error suelto
# fails: test_classify_b
async def classify(fn):
    names = []

    def walk(group):
        for error in group.exceptions:
            if isinstance(error, ExceptionGroup):
                walk(error)
            else:
                names.append(type(error).__name__)

    try:
        await fn()
    except ExceptionGroup as eg:
        walk(eg)
    return {name: names.count(name) for name in names}
