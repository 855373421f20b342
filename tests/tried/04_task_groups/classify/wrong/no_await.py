# cause: falta `await`
async def classify(fn):
    try:
        fn()
    except Exception as e:
        return {type(e).__name__: 1}
    return {}
