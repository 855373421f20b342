# cause: sin intentar
# fails: test_predictions_b, test_predictions_c
def predictions():
    return {"p1": "ACBDE", "p2": None, "p3": None}
