# cause: cadenas
def predictions():
    return {"p1": 12345, "p2": 12345, "p3": 12345}
