async def with_fallback(fn, seconds, default):
    task = asyncio.create_task(fn())
    try:
        done, _ = await asyncio.wait([task], timeout=seconds)
        return task.result() if done else default
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait([task])
