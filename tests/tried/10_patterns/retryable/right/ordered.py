def retryable():
    return {"f": False, "e": True, "d": False, "c": False, "b": True, "a": True}
