# cause: no viaja
async def cpu_map(pool, fn, items):
    def run(i):
        return fn(items[i])

    loop = asyncio.get_running_loop()
    return list(await asyncio.gather(*(loop.run_in_executor(pool, run, i) for i in range(len(items)))))
