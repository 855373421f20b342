async def cpu_map(pool, fn, items):
    loop = asyncio.get_running_loop()
    jobs = [partial(fn, item) for item in items]
    return list(await asyncio.gather(*[loop.run_in_executor(pool, job) for job in jobs]))
