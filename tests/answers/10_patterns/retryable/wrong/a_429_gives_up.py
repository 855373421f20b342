# cause: un 429 invita a volver
# fails: test_retryable_a
def retryable():
    return {"a": True, "b": False, "c": False, "d": False, "e": True, "f": False}
