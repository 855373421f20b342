async def run_steps(steps, budget):
    done = []
    limit = asyncio.timeout(budget)
    try:
        async with limit:
            for i in range(len(steps)):
                done.append(await steps[i]())
    except TimeoutError:
        if limit.expired():
            return done, True
        raise
    return done, False
