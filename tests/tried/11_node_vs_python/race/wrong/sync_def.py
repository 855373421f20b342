# cause: M25
def race(*coros):
    if not coros:
        raise ValueError
    tasks = [asyncio.create_task(c) for c in coros]
    return asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
