"""Looks at the waits of the programs of the tests."""

import asyncio

from virtual import virtual_loop

from grader.loop.awaits import describe


def seen_waiting(program, *, steps=3):
    """What describe says of a task that runs the program, some steps after its start."""

    async def look():
        task = asyncio.create_task(program(), name="seen")
        for _ in range(steps):
            await asyncio.sleep(0)
        return describe(task)

    with virtual_loop() as loop:
        return loop.run_until_complete(look())
