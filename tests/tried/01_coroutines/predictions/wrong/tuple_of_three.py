# cause: diccionario
def predictions():
    return "ACBDE", "ABCDE", "ACBDE"
