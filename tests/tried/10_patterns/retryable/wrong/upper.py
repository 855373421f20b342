# cause: minúscula
def retryable():
    return {"A": True, "B": True, "C": False, "D": False, "E": True, "F": False}
