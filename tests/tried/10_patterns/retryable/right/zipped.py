def retryable():
    return dict(zip("abcdef", [True, True, False, False, True, False]))
