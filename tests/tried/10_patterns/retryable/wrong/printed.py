# cause: falta un `return`
def retryable():
    print({"a": True, "b": True, "c": False, "d": False, "e": True, "f": False})
