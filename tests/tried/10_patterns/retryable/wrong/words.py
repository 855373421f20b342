# cause: letra
def retryable():
    return {"503": True, "429": True, "c": False, "404": False, "e": True, "f": False}
