async def cpu_map(pool, fn, items):
    loop = asyncio.get_running_loop()
    done = await asyncio.gather(*(loop.run_in_executor(pool, fn, i) for i in items), return_exceptions=True)
    for result in done:
        if isinstance(result, BaseException):
            raise result
    return list(done)
