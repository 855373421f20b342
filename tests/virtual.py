"""Runs the programs of the tests on a virtual loop."""

import asyncio
import inspect
from contextlib import contextmanager

import pytest

from grader.loop.virtual_loop import VirtualLoop


@contextmanager
def virtual_loop(**options):
    """A loop that cancels at the end what is left on it, and is closed."""
    loop = VirtualLoop(**options)
    try:
        yield loop
    finally:
        loop.cpu_limit = 10.0
        loop.lift_limits()
        while left := asyncio.all_tasks(loop):
            for task in left:
                task.cancel()
            loop.run_until_complete(asyncio.wait(left, timeout=1))
        loop.close()


def play(program, *args, **options):
    """Run a program; return what it returned and the virtual seconds it took."""
    with virtual_loop(**options) as loop:
        return loop.run_until_complete(program(*args)), loop.time()


def stick(kind, program, *args, **options):
    """Run a program that gets stuck; return the error, its report and all."""
    with virtual_loop(**options) as loop:
        main = loop.create_task(program(*args), name="main")
        with pytest.raises(kind) as caught:
            loop.run_until_complete(main)
        if main.done() and not main.cancelled():
            main.exception()
        return caught.value


def line_of(function, text):
    """The number of the line of a function that holds a text."""
    lines, first = inspect.getsourcelines(function)
    return first + next(index for index, line in enumerate(lines) if text in line)
