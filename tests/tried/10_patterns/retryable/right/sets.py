YES = {"a", "b", "e"}
def retryable() -> dict[str, bool]:
    return {k: k in YES for k in "abcdef"}
