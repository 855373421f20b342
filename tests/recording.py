"""Runs the programs of the tests inside a recorder."""

import asyncio
import time

from virtual import virtual_loop

from grader.tracing.recorder import Recorder


def record(program, *args, **options):
    """Run a program inside a recorder on a virtual loop; return the data."""
    recorder = Recorder()

    async def main():
        with recorder:
            await program(*args)

    with virtual_loop(**options) as loop:
        loop.run_until_complete(main())
    return recorder.to_dict()


def record_real(program, *args):
    """Run a program inside a recorder on asyncio's own loop; return the data."""
    recorder = Recorder()

    async def main():
        with recorder:
            await program(*args)

    asyncio.run(main())
    return recorder.to_dict()


def task(data, name):
    return next(task for task in data["tasks"] if task["name"] == name)


def names(data):
    return [task["name"] for task in data["tasks"]]


async def blocks(seconds):
    time.sleep(seconds)
