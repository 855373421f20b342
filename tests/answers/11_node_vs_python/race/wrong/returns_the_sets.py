# cause: falta `task.result()`
# fails: test_race_a, test_race_b, test_race_c
async def race(*coros):
    if not coros:
        raise ValueError("vacía")
    tasks = [asyncio.create_task(coro) for coro in coros]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return done
