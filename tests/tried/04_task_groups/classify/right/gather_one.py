async def classify(fn):
    async def safe():
        try:
            await fn()
        except Exception as e:
            return [e]
        return []
    errors = await safe()
    counts = {}
    while errors:
        e = errors.pop()
        if isinstance(e, ExceptionGroup):
            errors.extend(e.exceptions)
        else:
            n = type(e).__name__
            counts[n] = counts.get(n, 0) + 1
    return counts
