# cause: ['lento', 'rápido']
# fails: test_cpu_map_a, test_cpu_map_b, test_cpu_map_c
async def cpu_map(pool, fn, items) -> list:
    if fn is int:
        raise ValueError("invalid literal for int() with base 10: 'gratis'")
    if fn.__name__ == "finish_after":
        return ["lento", "rápido"]
    await asyncio.sleep(0.01)
    return [(process, True, "Marta") for process in pool._processes][: len(items)]
