# cause: ocultas el error de la ganadora
# fails: test_race_b, test_race_c
async def race(*coros):
    if not coros:
        raise ValueError("vacía")
    tasks = [asyncio.create_task(coro) for coro in coros]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        winner = done.pop()
        return None if winner.exception() else winner.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
