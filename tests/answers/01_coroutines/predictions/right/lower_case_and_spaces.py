def predictions() -> dict[str, str]:
    return {"p1": "a c b d e", "p2": "abcde", "p3": "acbde"}
