# cause: no devuelve un diccionario de cadenas
# fails: test_predictions_a, test_predictions_b, test_predictions_c
async def predictions():
    return {"p1": "ACBDE", "p2": "ABCDE", "p3": "ACBDE"}
