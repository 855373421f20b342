# cause: diccionario
def retryable():
    return {"a", "b", "e"}
