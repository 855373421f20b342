# cause: un GET que tarda se puede repetir
# fails: test_retryable_b
def retryable():
    return {"a": True, "b": True, "c": False, "d": False, "e": False, "f": False}
