# cause: falta alguna de las cinco letras
# fails: test_predictions_a
def predictions():
    return {"p1": "ACBD", "p2": "ABCDE", "p3": "ACBDE"}
