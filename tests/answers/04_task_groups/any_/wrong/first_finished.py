# cause: no gana si ha fallado
# fails: test_any__a, test_any__b
async def any_(*coros):
    tasks = [asyncio.create_task(coro) for coro in coros]
    try:
        for finished in asyncio.as_completed(tasks):
            return await finished
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
