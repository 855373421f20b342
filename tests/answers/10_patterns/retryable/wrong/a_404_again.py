# cause: un 404 no mejora
# fails: test_retryable_b
def retryable():
    return {"a": True, "b": True, "c": False, "d": True, "e": True, "f": False}
