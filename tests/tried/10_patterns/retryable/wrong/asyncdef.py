# cause: función normal
async def retryable():
    return {"a": True, "b": True, "c": False, "d": False, "e": True, "f": False}
