"""since 3.14"""

import asyncio
import threading
from concurrent.futures import InterpreterPoolExecutor, ProcessPoolExecutor, ThreadPoolExecutor


def place():
    import os
    import sys

    return os.getpid(), id(sys.modules)


async def main():
    own = place()
    loop = asyncio.get_running_loop()
    for executor in (ThreadPoolExecutor, InterpreterPoolExecutor, ProcessPoolExecutor):
        with executor(1) as pool:
            pid, modules = await loop.run_in_executor(pool, place)
        print(f"{executor.__name__}: same process {pid == own[0]}, same interpreter {(pid, modules) == own}")


if __name__ == "__main__":
    asyncio.run(main())
    print("threads left:", threading.active_count() - 1)
