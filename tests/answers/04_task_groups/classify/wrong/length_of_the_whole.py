# cause: M15
# fails: test_classify_a, test_classify_b
async def classify(fn):
    try:
        await fn()
    except ExceptionGroup as eg:
        return {"ExceptionGroup": len(eg.exceptions)}
    return {}
