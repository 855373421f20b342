# cause: esperar
def start(fn, *args):
    return [asyncio.create_task(fn(*args))]
