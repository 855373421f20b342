# cause: pierdes resultados
async def cpu_map(pool, fn, items):
    loop = asyncio.get_running_loop()
    results = await asyncio.gather(*(loop.run_in_executor(pool, fn, item) for item in items))
    return [result for result in results if result]
