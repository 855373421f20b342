# cause: hay algo que no es ninguna de las cinco letras
# fails: test_predictions_a, test_predictions_b, test_predictions_c
def predictions():
    return {"p1": "no lo sé", "p2": "12345", "p3": "ABCDF"}
