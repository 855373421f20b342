# cause: podrías cobrar dos veces
# fails: test_retryable_a
def retryable():
    return {"a": True, "b": True, "c": True, "d": False, "e": True, "f": False}
