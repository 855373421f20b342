def predictions():
    return dict(p1="ACBDE", p2="ABCDE", p3="ACBDE")
