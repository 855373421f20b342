# cause: tragas la cancelación
async def run_steps(steps, budget):
    results, limit = [], asyncio.timeout(budget)
    try:
        async with limit:
            for step in steps:
                results.append(await step())
    except TimeoutError:
        if not limit.expired():
            raise
    except asyncio.CancelledError:
        return results, True
    return results, limit.expired()
