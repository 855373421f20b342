# cause: CancelledError se te escapa
async def with_fallback(fn, seconds, default):
    task = asyncio.create_task(fn())
    done, pending = await asyncio.wait([task], timeout=seconds)
    if pending:
        task.cancel()
        await task
        return default
    return await task
