GUESS = {"p1": "ACBDE", "p2": "ABCDE", "p3": "ACBDE"}


def predictions():
    return GUESS
