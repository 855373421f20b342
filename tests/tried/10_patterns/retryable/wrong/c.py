# cause: cobrar dos veces
def retryable():
    return {"a": True, "b": True, "c": True, "d": False, "e": True, "f": False}
