def predictions() -> dict[str, str]:
    return {"p1": "aCbDe", "p2": "a b c d e", "p3": " ACBDE "}
