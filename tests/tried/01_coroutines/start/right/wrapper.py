def start(fn, *args) -> asyncio.Task:
    async def run():
        return await fn(*args)

    return asyncio.create_task(run(), name=f"start({args})")
