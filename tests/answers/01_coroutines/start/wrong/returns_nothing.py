# cause: ¿falta un `return`?
# fails: test_start_a, test_start_b, test_start_c
def start(fn, *args):
    asyncio.create_task(fn(*args))
