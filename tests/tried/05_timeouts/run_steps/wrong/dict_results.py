# cause: en su orden
async def run_steps(steps, budget):
    results, limit = {}, asyncio.timeout(budget)
    try:
        async with limit:
            for step in steps:
                value = await step()
                results[value] = value
    except TimeoutError:
        if not limit.expired():
            raise
    return list(results)[:-1] + list(results)[-1:], bool(results) and limit.expired()
