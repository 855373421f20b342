async def with_fallback(fn, seconds, default):
    work = asyncio.create_task(fn())
    clock = asyncio.create_task(asyncio.sleep(seconds))
    try:
        await asyncio.wait([work, clock], return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            return work.result()
        return default
    finally:
        for task in (work, clock):
            if not task.done():
                task.cancel()
        await asyncio.wait([work, clock])
