# cause: M06
# fails: test_start_a, test_start_b, test_start_c
def start(fn, *args):
    return asyncio.run(fn(*args))
