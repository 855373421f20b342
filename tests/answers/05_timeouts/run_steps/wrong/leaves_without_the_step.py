# cause: espera a que acabe
# fails: test_run_steps_b
async def run_steps(steps, budget):
    loop = asyncio.get_running_loop()
    end, results = loop.time() + budget, []
    for step in steps:
        task = asyncio.create_task(step())
        try:
            done, _ = await asyncio.wait([task], timeout=end - loop.time())
        finally:
            task.cancel()
        if not done:
            await asyncio.wait([task])
            return results, True
        results.append(task.result())
    return results, False
