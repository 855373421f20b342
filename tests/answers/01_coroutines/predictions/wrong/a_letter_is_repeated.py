# cause: hay una letra repetida
# fails: test_predictions_b
def predictions():
    return {"p1": "ACBDE", "p2": "ABCDD", "p3": "ACBDE"}
