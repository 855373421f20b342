# cause: no recibe sus argumentos tal cual
# fails: test_start_a, test_start_b, test_start_c
def start(fn, *args):
    return asyncio.create_task(fn())
