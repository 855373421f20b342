# cause: sus tareas siguen vivas
# fails: test_race_c
async def race(*coros):
    if not coros:
        raise ValueError("vacía")
    tasks = [asyncio.create_task(coro) for coro in coros]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    return done.pop().result()
