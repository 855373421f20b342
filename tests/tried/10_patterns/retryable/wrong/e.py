# cause: e: un GET
def retryable():
    return {"a": True, "b": True, "c": False, "d": False, "e": False, "f": False}
