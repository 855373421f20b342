# cause: falta
def retryable():
    return {"a": True, "b": True, "e": True}
