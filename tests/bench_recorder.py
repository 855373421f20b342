"""What recording costs per task switch, beside its peers, in one run: `python tests/bench_recorder.py [rounds]`.

CPU time of the thread, median of interleaved rounds, on asyncio's own loop. The bar: the recorder adds at most what
viztracer adds. viztracer logs function calls per task, without what a task waits for or how long it was queued; the
`async def` wrapper sees a task's start and end, the Coroutine wrapper its slices as well.
"""

from __future__ import annotations

import asyncio
import collections.abc
import contextlib
import gc
import importlib.metadata
import platform
import statistics
import sys
import time

try:
    import viztracer
except ImportError:
    sys.exit("viztracer is not here (it has no wheel for Python 3.15 yet): run this with another Python")

from grader.tracing.recorder import Recorder

TASKS, SLICES = 10_000, 11


async def yields():
    for _ in range(SLICES - 1):
        await asyncio.sleep(0)


async def sleeps():
    for _ in range(SLICES - 1):
        await asyncio.sleep(1e-6)


async def futures():
    loop = asyncio.get_running_loop()
    for _ in range(SLICES - 1):
        future = loop.create_future()
        loop.call_soon(future.set_result, None)
        await future


class Sliced(collections.abc.Coroutine):
    def __init__(self, coro, seen):
        self.coro, self.seen = coro, seen

    def send(self, value):
        start = time.perf_counter()
        try:
            return self.coro.send(value)
        finally:
            self.seen.append((start, time.perf_counter()))

    def throw(self, *error):
        return self.coro.throw(*error)

    def close(self):
        return self.coro.close()

    def __await__(self):
        return self


@contextlib.contextmanager
def plain():
    yield


@contextlib.contextmanager
def factory(wrap):
    loop, seen = asyncio.get_running_loop(), []
    loop.set_task_factory(lambda loop, coro, **options: asyncio.Task(wrap(coro, seen), loop=loop, **options))
    yield
    loop.set_task_factory(None)


def whole():
    async def wrapped(coro, seen):
        start = time.perf_counter()
        try:
            return await coro
        finally:
            seen.append((start, time.perf_counter()))

    return factory(wrapped)


def sliced():
    return factory(Sliced)


@contextlib.contextmanager
def viz():
    tracer = viztracer.VizTracer(log_async=True, verbose=0)
    tracer.start()
    yield
    tracer.stop()
    tracer.clear()


WAYS = {
    "plain asyncio": plain,
    "factory, async def": whole,
    "factory, Coroutine": sliced,
    "viztracer log_async": viz,
    "Recorder": Recorder,
}


async def measure(way, program):
    """Return nanoseconds of CPU per switch."""
    gc.collect()
    with way():
        start = time.thread_time()
        tasks = [asyncio.create_task(program()) for _ in range(TASKS)]
        await asyncio.wait(tasks)
        spent = time.thread_time() - start
    return spent / TASKS / SLICES * 1e9


def table(program, rounds):
    spent = {name: [] for name in WAYS}
    for _ in range(rounds):
        for name, way in WAYS.items():
            spent[name].append(asyncio.run(measure(way, program)))
    median = {name: statistics.median(values) for name, values in spent.items()}
    base = median["plain asyncio"]
    print(f"\n{program.__name__:22} {'ns/switch':>10} {'added':>8} {'ratio':>7}")
    for name, value in median.items():
        print(f"{name:22} {value:10.0f} {value - base:8.0f} {value / base:7.2f}")
    share = (median["Recorder"] - base) / (median["viztracer log_async"] - base)
    print(f"Recorder adds {share:.2f} of what viztracer adds: {'bar met' if share <= 1 else 'BAR MISSED'}")
    return share <= 1


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    print(
        f"Python {platform.python_version()}, viztracer {importlib.metadata.version('viztracer')}, ", end=""
    )
    print(f"{platform.system()} {platform.machine()}: {TASKS} tasks x {SLICES} slices, median of {rounds}")
    met = [table(program, rounds) for program in (yields, sleeps, futures)]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
