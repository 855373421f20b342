# cause: `fn` sigue viva
# fails: test_with_fallback_a, test_with_fallback_b
async def with_fallback(fn, seconds, default):
    task = asyncio.create_task(fn())
    done, _ = await asyncio.wait([task], timeout=seconds)
    return task.result() if done else default
