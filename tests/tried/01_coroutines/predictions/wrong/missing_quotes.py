# cause: NameError
def predictions():
    return {"p1": ACBDE, "p2": ABCDE, "p3": ACBDE}
