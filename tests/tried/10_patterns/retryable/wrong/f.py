# cause: KeyError
def retryable():
    return {"a": True, "b": True, "c": False, "d": False, "e": True, "f": True}
