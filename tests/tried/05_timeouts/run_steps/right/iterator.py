async def run_steps(steps, budget):
    pending, results = iter(steps), []
    scope = asyncio.timeout(budget)
    try:
        async with scope:
            while (step := next(pending, None)) is not None:
                value = await step()
                results.append(value)
    except TimeoutError:
        if scope.expired() is False:
            raise
    return (results, scope.expired())
