# cause: no de la corrutina
def start(fn, *args):
    return asyncio.create_task(fn)
