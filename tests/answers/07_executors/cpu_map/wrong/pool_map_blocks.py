# cause: M10
# fails: test_cpu_map_b
async def cpu_map(pool, fn, items) -> list:
    return list(pool.map(fn, items))
