# cause: bloqueado
async def cpu_map(pool, fn, items):
    return list(pool.map(fn, items))
