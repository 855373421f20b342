@asynccontextmanager
async def running(coros):
    tasks = [asyncio.create_task(coro) for coro in coros]
    try:
        yield tasks
    finally:
        [task.cancel() for task in tasks]
        await asyncio.gather(*tasks, return_exceptions=True)


async def race(*coros):
    if not coros:
        raise ValueError("nada que correr")
    async with running(coros) as tasks:
        for first in asyncio.as_completed(tasks):
            return await first
