# cause: E55
# fails: test_retryable_b
def retryable():
    return {"a": True, "b": True, "c": False, "d": False, "e": True, "f": True}
