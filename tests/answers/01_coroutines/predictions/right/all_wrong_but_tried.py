def predictions():
    return {"p1": "ABCDE", "p2": "EDCBA", "p3": "ABCDE"}
