start = lambda fn, *args: asyncio.create_task(fn(*args))
