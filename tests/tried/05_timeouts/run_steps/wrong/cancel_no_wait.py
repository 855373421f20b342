# cause: espera a que acabe
async def run_steps(steps, budget):
    loop = asyncio.get_running_loop()
    deadline, results = loop.time() + budget, []
    for step in steps:
        task = asyncio.create_task(step())
        done, _ = await asyncio.wait([task], timeout=deadline - loop.time())
        if not done:
            task.cancel()
            return results, True
        results.append(task.result())
    return results, False
