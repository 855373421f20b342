# cause: yield
def predictions():
    yield {"p1": "ACBDE", "p2": "ABCDE", "p3": "ACBDE"}
