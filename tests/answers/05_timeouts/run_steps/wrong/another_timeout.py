# cause: lanzas otro TimeoutError: el del paso, con su texto, se ha perdido
# fails: test_run_steps_b
async def run_steps(steps, budget):
    results = []
    try:
        async with asyncio.timeout(budget) as limit:
            for step in steps:
                results.append(await step())
    except TimeoutError:
        if limit.expired():
            return results, True
        raise TimeoutError from None
    return results, False
