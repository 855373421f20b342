# cause: no devuelve un diccionario de cadenas
def predictions():
    return {"p1": p1(), "p2": p2(), "p3": p3()}
