# cause: en su orden
async def run_steps(steps, budget):
    results, limit = [], asyncio.timeout(budget)
    try:
        async with limit:
            for step in steps:
                results.insert(0, await step())
    except TimeoutError:
        if not limit.expired():
            raise
    return results, limit.expired()
