# cause: pierdes los resultados
# fails: test_run_steps_a
async def run_steps(steps, budget):
    limit = asyncio.timeout(budget)
    try:
        async with limit:
            return [await step() for step in steps], False
    except TimeoutError:
        if not limit.expired():
            raise
        return [], True
