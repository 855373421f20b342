# cause: esperas a la más lenta
# fails: test_race_a, test_race_b, test_race_c
async def race(*coros):
    if not coros:
        raise ValueError("vacía")
    tasks = [asyncio.create_task(coro) for coro in coros]
    first = None
    for finished in asyncio.as_completed(tasks):
        answer = await finished
        first = first or answer
    return first
