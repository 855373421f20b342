# cause: a la vez
async def run_steps(steps, budget):
    results, limit = [], asyncio.timeout(budget)
    try:
        async with limit:
            results = await asyncio.gather(*(step() for step in steps))
    except TimeoutError:
        if not limit.expired():
            raise
    return results, limit.expired()
