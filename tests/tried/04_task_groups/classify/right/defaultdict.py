from collections import defaultdict
async def classify(fn):
    found = defaultdict(int)
    def walk(error):
        for inner in getattr(error, "exceptions", ()) or [None]:
            if inner is None:
                found[type(error).__name__] += 1
            else:
                walk(inner)
    try:
        await fn()
    except Exception as error:
        walk(error)
    return found
