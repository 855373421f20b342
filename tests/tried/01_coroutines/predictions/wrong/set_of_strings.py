# cause: diccionario
def predictions():
    return {"ACBDE", "ABCDE"}
