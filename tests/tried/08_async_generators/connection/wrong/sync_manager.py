# cause: asynccontextmanager
from contextlib import contextmanager


@contextmanager
def connection(pool):
    conn = pool.acquire()
    try:
        yield conn
    finally:
        pool.release(conn)
