# cause: M15
# fails: test_classify_a
async def classify(fn):
    names = []
    try:
        await fn()
    except* Exception as eg:
        for error in eg.exceptions:
            for inner in getattr(error, "exceptions", [error]):
                names.append(type(inner).__name__)
    return {name: names.count(name) for name in names}
