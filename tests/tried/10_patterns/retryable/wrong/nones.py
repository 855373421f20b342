# cause: `True` o `False`
def retryable():
    return {"a": True, "b": True, "c": None, "d": None, "e": True, "f": None}
