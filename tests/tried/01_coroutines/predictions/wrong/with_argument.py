# cause: parámetro
def predictions(name):
    return {"p1": "ACBDE", "p2": "ABCDE", "p3": "ACBDE"}[name]
