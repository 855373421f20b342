# cause: diccionario
def retryable():
    return "abe"
