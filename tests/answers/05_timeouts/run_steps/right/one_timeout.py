async def run_steps(steps, budget):
    results = []
    try:
        async with asyncio.timeout(budget) as limit:
            for step in steps:
                results += [await step()]
    except TimeoutError:
        if limit.expired():
            return results, True
        raise
    return results, False
