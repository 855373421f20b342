# cause: no devuelve un diccionario
# fails: test_retryable_a, test_retryable_b
def retryable():
    return [True, True, False, False, True, False]
