# cause: un 404
def retryable():
    return {"a": True, "b": True, "c": False, "d": True, "e": True, "f": False}
