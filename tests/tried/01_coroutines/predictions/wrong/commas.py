# cause: ninguna de las cinco
def predictions():
    return {"p1": "A,C,B,D,E", "p2": "A,B,C,D,E", "p3": "A,C,B,D,E"}
