def start(fn, *args) -> asyncio.Task:
    loop = asyncio.get_running_loop()
    task = loop.create_task(fn(*args))
    task.set_name("promesa")
    return task
