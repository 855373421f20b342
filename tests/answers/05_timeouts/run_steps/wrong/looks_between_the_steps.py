# cause: ningún paso se interrumpe
# fails: test_run_steps_a
async def run_steps(steps, budget):
    loop = asyncio.get_running_loop()
    deadline, results = loop.time() + budget, []
    for step in steps:
        result = await step()
        if loop.time() > deadline:
            return results, True
        results.append(result)
    return results, False
