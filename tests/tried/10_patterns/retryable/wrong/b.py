# cause: b: un 429
def retryable():
    return {"a": True, "b": False, "c": False, "d": False, "e": True, "f": False}
