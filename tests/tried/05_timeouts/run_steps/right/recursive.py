async def run_steps(steps, budget):
    loop = asyncio.get_running_loop()
    if not steps:
        return [], False
    start = loop.time()
    limit = asyncio.timeout(budget)
    try:
        async with limit:
            first = await steps[0]()
    except TimeoutError:
        if limit.expired():
            return [], True
        raise
    rest, expired = await run_steps(steps[1:], budget - (loop.time() - start))
    return [first, *rest], expired
