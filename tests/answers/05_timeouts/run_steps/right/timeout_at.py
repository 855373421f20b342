async def run_steps(steps, budget):
    deadline = asyncio.get_running_loop().time() + budget
    results = []
    for step in steps:
        limit = asyncio.timeout_at(deadline)
        try:
            async with limit:
                results.append(await step())
        except TimeoutError:
            if not limit.expired():
                raise
            return results, True
    return results, False
