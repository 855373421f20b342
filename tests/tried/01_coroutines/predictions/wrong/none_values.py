# cause: sin intentar
def predictions():
    return {"p1": None, "p2": None, "p3": None}
