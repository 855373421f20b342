# cause: podrías cobrar dos veces
# fails: test_retryable_a, test_retryable_b
def retryable():
    return {"a": True, "b": True, "c": True, "d": True, "e": True, "f": True}
