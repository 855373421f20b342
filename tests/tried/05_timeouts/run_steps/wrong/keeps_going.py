# cause: cada paso estrena su límite
async def run_steps(steps, budget):
    results, expired = [], False
    for step in steps:
        try:
            async with asyncio.timeout(budget) as limit:
                results.append(await step())
        except TimeoutError:
            if not limit.expired():
                raise
            expired = True
    return results, expired
