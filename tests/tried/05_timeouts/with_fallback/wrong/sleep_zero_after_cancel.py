# cause: espera a que acabe
async def with_fallback(fn, seconds, default):
    task = asyncio.create_task(fn())
    done, _ = await asyncio.wait([task], timeout=seconds)
    if done:
        return task.result()
    task.cancel()
    await asyncio.sleep(0)
    return default
