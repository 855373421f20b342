# cause: su TimeoutError se te escapa
async def run_steps(steps, budget):
    results = []
    async with asyncio.timeout(budget) as limit:
        for step in steps:
            results.append(await step())
    return results, limit.expired()
