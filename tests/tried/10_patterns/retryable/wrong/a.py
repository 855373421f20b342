# cause: a: un 503
def retryable():
    return {"a": False, "b": True, "c": False, "d": False, "e": True, "f": False}
