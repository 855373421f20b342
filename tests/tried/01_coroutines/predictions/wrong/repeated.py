# cause: repetida
def predictions():
    return {"p1": "AABDE", "p2": "ABBDE", "p3": "ACBDD"}
