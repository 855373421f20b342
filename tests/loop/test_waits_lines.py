"""On which line of whose code a task waits."""

import asyncio
import gc
import sys
import types

import pytest
from virtual import line_of
from waiting import seen_waiting

from grader.loop import awaits
from grader.loop.awaits import Wait, is_user_file, user_line


async def deep():
    await deeper()


async def deeper():
    await asyncio.Event().wait()  # deepest


def test_the_line_is_that_of_the_deepest_await_in_the_users_code():
    assert seen_waiting(deep).line == line_of(deeper, "# deepest")


async def ticks():
    await asyncio.Event().wait()  # in the generator
    yield 1


async def uses_ticks():
    async for _ in ticks():
        pass


async def uses_anext():
    await anext(ticks(), None)


async def throws_into_ticks():
    generator = patient()
    await anext(generator)
    await generator.athrow(ValueError)


async def patient():
    try:
        yield 1
    except ValueError:
        await asyncio.Event().wait()  # in the handler


class Awaitable:
    def __await__(self):
        yield from asyncio.Event().wait().__await__()  # in __await__


async def awaits_an_object():
    await Awaitable()


@types.coroutine
def old_style():
    yield from asyncio.Event().wait().__await__()  # in a generator


async def awaits_old_style():
    await old_style()


@pytest.mark.parametrize(
    ("program", "function", "text"),
    [
        (uses_ticks, ticks, "# in the generator"),
        (uses_anext, ticks, "# in the generator"),
        (throws_into_ticks, patient, "# in the handler"),
        (awaits_an_object, Awaitable.__await__, "# in __await__"),
        (awaits_old_style, old_style, "# in a generator"),
    ],
)
def test_generators_and_awaitable_objects_are_seen_through(program, function, text):
    wait = seen_waiting(program)

    assert (wait.what, wait.line) == ("event.wait", line_of(function, text))


def test_a_library_coroutine_alone_in_its_task_has_no_line():
    assert seen_waiting(lambda: asyncio.sleep(1)).line is None


def test_the_same_await_in_a_loop_keeps_its_line():
    async def program():
        while True:
            await asyncio.sleep(0)  # here

    lines = {seen_waiting(program, steps=steps).line for steps in range(2, 6)}

    assert lines == {line_of(program, "# here")}


def test_an_awaitable_that_refuses_to_be_looked_at_is_a_future():
    class Shy:
        def __await__(self):
            return self

        def __iter__(self):
            return self

        def __next__(self):
            return None

        @property
        def cr_code(self):
            raise RuntimeError

    async def program():
        await Shy()

    assert seen_waiting(program) == Wait("future", "futuro", None, None)


# whose code


@pytest.mark.parametrize("name", [asyncio.__file__, pytest.__file__, awaits.__file__, "<frozen importlib>"])
def test_pythons_packages_and_the_graders_files_are_not_the_users(name):
    assert not is_user_file(name)


@pytest.mark.parametrize("name", [__file__, "/tmp/ipykernel_123/456.py", "<string>", "<stdin>"])
def test_tests_cells_and_typed_in_code_are_the_users(name):
    assert is_user_file(name)


def test_the_users_line_is_the_innermost_that_is_his():
    def inner():
        return list(map(lambda frame: user_line(frame), [sys._getframe(0)]))  # here

    assert inner() == [line_of(inner, "# here")]


def test_describing_keeps_no_code_alive():
    def make():
        namespace = {}
        exec("import asyncio\nasync def program(): await asyncio.Event().wait()", namespace)
        return namespace["program"]

    program = make()
    key = id(program.__code__)
    seen_waiting(program)
    assert key in awaits._codes

    del program
    gc.collect()
    assert key not in awaits._codes
