# cause: generador
def as_finished(fn, items):
    for i in items:
        yield i, fn(i)
