# cause: M25
# fails: test_race_a, test_race_b, test_race_c
async def race(*coros):
    if not coros:
        raise ValueError("vacía")
    tasks = [asyncio.create_task(coro) for coro in coros]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    return done.pop().result()
