# cause: no devuelve un diccionario de cadenas
# fails: test_predictions_a, test_predictions_b, test_predictions_c
def predictions():
    return ["ACBDE", "ABCDE", "ACBDE"]
