# cause: lista
async def run_steps(steps, budget):
    results, limit = [], asyncio.timeout(budget)
    try:
        async with limit:
            for step in steps:
                results.append(await step())
    except TimeoutError:
        if not limit.expired():
            raise
    return limit.expired(), results
