# cause: len(eg.exceptions)
# fails: test_classify_a
async def classify(fn):
    counts = {}
    try:
        await fn()
    except* ValueError as eg:
        counts["ValueError"] = len(eg.exceptions)
    except* TypeError as eg:
        counts["TypeError"] = len(eg.exceptions)
    return counts
