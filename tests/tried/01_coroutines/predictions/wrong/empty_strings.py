# cause: falta alguna
def predictions():
    return {"p1": "", "p2": "", "p3": ""}
