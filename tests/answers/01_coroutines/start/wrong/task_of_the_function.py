# cause: creas una tarea de `fn`
# fails: test_start_a, test_start_b, test_start_c
def start(fn, *args):
    return asyncio.create_task(fn)
