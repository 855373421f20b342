# cause: `True` o `False`
def retryable():
    return {"a": 1, "b": 1, "c": 0, "d": 0, "e": 1, "f": 0}
