# cause: cada valor es `True` o `False`
# fails: test_retryable_a, test_retryable_b
def retryable():
    return dict(a="sí", b="sí", c="no", d="no", e="sí", f="no")
