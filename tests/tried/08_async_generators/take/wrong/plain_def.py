# cause: ¿falta `async`?
def take(agen, n):
    for _ in range(n):
        yield anext(agen)
