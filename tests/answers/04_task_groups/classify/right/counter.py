from collections import Counter


def leaves(error):
    for inner in getattr(error, "exceptions", [error]):
        if inner is error:
            yield error
        else:
            yield from leaves(inner)


async def classify(fn):
    try:
        await fn()
    except Exception as error:
        return Counter(type(leaf).__name__ for leaf in leaves(error))
    return {}
