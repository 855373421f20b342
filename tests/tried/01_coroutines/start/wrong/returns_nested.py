# cause: otra tarea
def start(fn, *args):
    async def run():
        return asyncio.create_task(fn(*args))

    return asyncio.create_task(run())
