# cause: le falta la clave
# fails: test_predictions_c
def predictions():
    return {"p1": "ACBDE", "p2": "ABCDE"}
