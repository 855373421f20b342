# cause: cobrar dos veces
def retryable():
    return {"a": False, "b": False, "c": True, "d": True, "e": False, "f": True}
