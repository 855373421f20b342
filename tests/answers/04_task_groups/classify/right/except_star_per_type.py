async def classify(fn):
    found = []

    def take(group):
        for error in group.exceptions:
            if isinstance(error, ExceptionGroup):
                take(error)
            else:
                found.append(type(error).__name__)

    try:
        await fn()
    except* ValueError as eg:
        take(eg)
    except* TypeError as eg:
        take(eg)
    except* Exception as eg:
        take(eg)
    return {name: found.count(name) for name in set(found)}
