# cause: hilo
import concurrent.futures

pool = concurrent.futures.ThreadPoolExecutor(4)


def start(fn, *args):
    return asyncio.wrap_future(pool.submit(asyncio.run, fn(*args)))
