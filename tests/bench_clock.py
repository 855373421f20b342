"""Sleeps per CPU second on virtual clocks: VirtualLoop, plain asyncio loops patched by looptime, trio's MockClock.

    python tests/bench_clock.py

All peers run in turn in one process; medians of the rounds are compared, CPU time of the thread is counted.
Exits with 1 when a bar is missed: sequential sleeps >= 2 x trio's MockClock and >= 10 x looptime.
"""

from __future__ import annotations

import asyncio
import gc
import importlib.metadata
import statistics
import sys
import time
from collections.abc import Callable

import looptime
import trio
import trio.testing

from grader.loop.virtual_loop import VirtualLoop

ROUNDS = 7
SEQUENTIAL = {"VirtualLoop": 20_000, "trio MockClock": 20_000, "looptime": 2_000}
TASKS, SLEEPS = 1000, 20
BARS = {"trio MockClock": 2.0, "looptime": 10.0}


async def one_after_the_other(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0.1)


async def side_by_side(count: int) -> None:
    async with asyncio.TaskGroup() as group:
        for _ in range(count // SLEEPS):
            group.create_task(one_after_the_other(SLEEPS))


async def trio_one_after_the_other(count: int) -> None:
    for _ in range(count):
        await trio.sleep(0.1)


async def trio_side_by_side(count: int) -> None:
    async with trio.open_nursery() as nursery:
        for _ in range(count // SLEEPS):
            nursery.start_soon(trio_one_after_the_other, SLEEPS)


def run_asyncio(new_loop: Callable[[], asyncio.AbstractEventLoop], program: Callable, count: int) -> None:
    loop = new_loop()
    try:
        loop.run_until_complete(program(count))
    finally:
        loop.close()


def run_trio(program: Callable, count: int) -> None:
    trio.run(program, count, clock=trio.testing.MockClock(autojump_threshold=0))


def peers(plain: Callable, trios: Callable) -> dict[str, Callable[[int], None]]:
    return {
        "VirtualLoop": lambda count: run_asyncio(VirtualLoop, plain, count),
        "trio MockClock": lambda count: run_trio(trios, count),
        "looptime": lambda count: run_asyncio(looptime.new_event_loop, plain, count),
    }


def measure(runs: dict[str, Callable[[int], None]], counts: dict[str, int]) -> dict[str, float]:
    """Return the median of sleeps per CPU second of each peer."""
    rates: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, run in runs.items():  # in turn, so that a slow moment of the machine hits all of them
            gc.collect()
            start = time.thread_time()
            run(counts[name])
            rates[name].append(counts[name] / (time.thread_time() - start))
    return {name: statistics.median(values) for name, values in rates.items()}


def show(title: str, rates: dict[str, float]) -> None:
    print(f"\n{title}: sleeps per CPU second (median of {ROUNDS}), VirtualLoop / peer")
    for name, rate in rates.items():
        print(f"  {name:16} {rate:10,.0f}   {rates['VirtualLoop'] / rate:6.2f} x")


def main() -> int:
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("trio", "looptime"))
    print(f"Python {sys.version.split()[0]}, {versions}")
    sequential = measure(peers(one_after_the_other, trio_one_after_the_other), SEQUENTIAL)
    show("sequential sleep(0.1)", sequential)
    together = dict.fromkeys(SEQUENTIAL, TASKS * SLEEPS)
    show(f"{TASKS} tasks x {SLEEPS} sleeps", measure(peers(side_by_side, trio_side_by_side), together))
    missed = [name for name, bar in BARS.items() if sequential["VirtualLoop"] < bar * sequential[name]]
    for name, bar in BARS.items():
        print(f"bar: >= {bar:g} x {name}: {'missed' if name in missed else 'met'}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
