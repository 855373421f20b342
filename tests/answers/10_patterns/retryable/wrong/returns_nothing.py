# cause: ¿falta un `return`?
# fails: test_retryable_a, test_retryable_b
def retryable():
    dict(a=True, b=True, c=False, d=False, e=True, f=False)
