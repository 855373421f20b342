# cause: dice que el plazo venció
async def run_steps(steps, budget):
    loop = asyncio.get_running_loop()
    start, results, limit = loop.time(), [], asyncio.timeout(budget)
    try:
        async with limit:
            for step in steps:
                results.append(await step())
    except TimeoutError:
        if not limit.expired():
            raise
    return results, loop.time() - start > 0
