def retryable():
    no = dict.fromkeys("cdf", False)
    return no | dict.fromkeys("abe", True)
