# cause: ninguna de las cinco
def predictions():
    return {"p1": "ABCDEF", "p2": "ABCDEF", "p3": "ABCDEF"}
