async def run_steps(steps, budget):
    loop = asyncio.get_running_loop()
    deadline, results = loop.time() + budget, []
    async def all_steps():
        for step in steps:
            results.append(await step())
    try:
        async with asyncio.timeout(None) as limit:
            limit.reschedule(deadline)
            await all_steps()
    except TimeoutError:
        if limit.expired():
            return results, True
        raise
    return results, False
