# cause: falta la clave
def predictions():
    return {1: "ACBDE", 2: "ABCDE", 3: "ACBDE"}
