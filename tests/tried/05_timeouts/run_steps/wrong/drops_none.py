# cause: un resultado falso
async def run_steps(steps, budget):
    results, limit = [], asyncio.timeout(budget)
    try:
        async with limit:
            for step in steps:
                value = await step()
                if value is not None:
                    results.append(value)
    except TimeoutError:
        if not limit.expired():
            raise
    return results, limit.expired()
