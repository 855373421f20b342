async def run_steps(steps, budget):
    results = []

    async def work():
        for step in steps:
            results.append(await step())

    task = asyncio.create_task(work())
    try:
        done, _ = await asyncio.wait([task], timeout=budget)
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait([task])
    if done:
        task.result()
        return results, False
    return results, True
