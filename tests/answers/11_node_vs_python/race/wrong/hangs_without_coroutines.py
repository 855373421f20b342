# cause: sin corrutinas no hay ganadora
# fails: test_race_a
async def race(*coros):
    tasks = [asyncio.create_task(coro) for coro in coros]
    try:
        for finished in asyncio.as_completed(tasks):
            return await finished
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
