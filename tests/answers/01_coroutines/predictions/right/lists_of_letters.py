def predictions():
    return dict(p1=list("ACBDE"), p2=list("ABCDE"), p3=["A", "C", "B", "D", "E"])
