async def run_steps(steps, budget):
    loop = asyncio.get_running_loop()
    end, results = loop.time() + budget, []
    for step in steps:
        task = asyncio.create_task(step())
        try:
            done, _ = await asyncio.wait([task], timeout=end - loop.time())
        finally:
            if not task.done():
                task.cancel()
                await asyncio.wait([task])
        if not done:
            return results, True
        results.append(task.result())
    return results, False
