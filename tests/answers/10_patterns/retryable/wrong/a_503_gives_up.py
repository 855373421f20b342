# cause: un 503 es pasajero
# fails: test_retryable_a
def retryable():
    return {"a": False, "b": True, "c": False, "d": False, "e": True, "f": False}
