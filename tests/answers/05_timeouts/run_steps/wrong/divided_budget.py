# cause: partes iguales
# fails: test_run_steps_a
async def run_steps(steps, budget):
    results = []
    for step in steps:
        limit = asyncio.timeout(budget / len(steps))
        try:
            async with limit:
                results.append(await step())
        except TimeoutError:
            if not limit.expired():
                raise
            return results, True
    return results, False
