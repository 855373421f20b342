# cause: M19
# fails: test_run_steps_b
async def run_steps(steps, budget):
    results = []
    try:
        async with asyncio.timeout(budget):
            for step in steps:
                results.append(await step())
    except TimeoutError:
        return results, True
    return results, False
