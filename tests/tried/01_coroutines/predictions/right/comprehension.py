def predictions():
    return {name: "ACBDE" for name in "p1 p2 p3".split()}
