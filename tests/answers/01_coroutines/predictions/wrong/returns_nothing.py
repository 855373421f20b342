# cause: ¿falta un `return`?
# fails: test_predictions_a, test_predictions_b, test_predictions_c
def predictions():
    {"p1": "ACBDE", "p2": "ABCDE", "p3": "ACBDE"}
