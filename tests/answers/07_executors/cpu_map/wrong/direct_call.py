# cause: M09
# fails: test_cpu_map_b
async def cpu_map(pool, fn, items) -> list:
    return [fn(item) for item in items]
