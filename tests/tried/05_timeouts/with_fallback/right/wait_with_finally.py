async def with_fallback(fn, seconds, default):
    job = asyncio.ensure_future(fn())
    try:
        await asyncio.wait({job}, timeout=seconds)
    finally:
        late = not job.done()
        if late:
            job.cancel()
            await asyncio.gather(job, return_exceptions=True)
    return default if late else job.result()
