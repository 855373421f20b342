# cause: un 503 es pasajero
# fails: test_retryable_a, test_retryable_b
def retryable():
    return {"a": False, "b": False, "c": False, "d": False, "e": False, "f": False}
