# cause: tiempo
async def yields(fn):
    start = time.perf_counter()
    await fn()
    return time.perf_counter() - start > 0
