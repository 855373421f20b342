async def classify(fn):
    counts = {}
    try:
        await fn()
    except Exception as error:
        stack = [error]
        while stack:
            error = stack.pop()
            if isinstance(error, BaseExceptionGroup):
                stack.extend(error.exceptions)
            else:
                name = type(error).__name__
                counts[name] = counts.get(name, 0) + 1
    return counts
