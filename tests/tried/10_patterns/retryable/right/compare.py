def retryable():
    return {k: not (k == "c" or k == "d" or k == "f") for k in ("a", "b", "c", "d", "e", "f")}
