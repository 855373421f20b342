# cause: se vuelve a lanzar
# fails: test_classify_a
async def classify(fn):
    counts = {}

    def count(name, error):
        if isinstance(error, ExceptionGroup):
            for inner in error.exceptions:
                count(name, inner)
        else:
            counts[name] = counts.get(name, 0) + 1

    try:
        await fn()
    except* ValueError as eg:
        count("ValueError", eg)
    except* TypeError as eg:
        count("TypeError", eg)
    return counts
