"""Each wording is provoked on the Python that runs, which says it in the form that the table has for it."""

import asyncio
import collections
import concurrent.futures
import gc
import os
import re
import sys
import warnings

import pytest

from grader.checks.service import service
from grader.checks.values import error_text
from grader.loop.wording import WORDINGS, recognise


async def one():
    return 1


async def numbers():
    yield 1


class Bound:
    async def method(self):
        return 1


class AsyncOnly:
    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        return None


async def awaits(awaitable):
    await awaitable


async def awaits_twice():
    coro = one()
    await coro
    await coro


async def iterates_over(things):
    for _ in things:
        pass


async def runs_a_second_loop():
    coro = one()
    try:
        asyncio.run(coro)
    finally:
        coro.close()


async def waits_for(what):
    await asyncio.wait(what())


async def changes(things):
    for thing in things:
        things.add(thing + 1) if isinstance(things, set) else things.append(thing)


async def enters(manager):
    with manager:
        pass


async def enters_async(manager):
    async with manager:
        pass


async def uses_a_future_of_another_loop():
    loop = asyncio.new_event_loop()
    try:
        await loop.create_future()
    finally:
        loop.close()


async def waits_for_a_lock_of_another_loop():
    lock = asyncio.Lock()

    def use():
        async def both():
            await asyncio.gather(
                lock.acquire(), asyncio.wait_for(lock.acquire(), 0.01), return_exceptions=True
            )

        asyncio.run(both())

    await asyncio.to_thread(use)
    await lock.acquire()


async def breaks_a_pool():
    with concurrent.futures.ProcessPoolExecutor(1) as pool:
        await asyncio.get_running_loop().run_in_executor(pool, os._exit, 1)


async def fails_in_a_group():
    async with asyncio.TaskGroup() as group:
        group.create_task(awaits(3))


async def uses_a_coroutine(use):
    coro = one()
    try:
        use(coro)
    finally:
        coro.close()


async def reads_before():
    print(later)  # noqa: F821
    later = 1  # noqa: F841


async def calls(function, *arguments):
    function(*arguments)


PROVOKED = [
    ("awaits no awaitable", lambda: awaits(3)),
    ("awaits no awaitable", lambda: awaits(None)),
    ("awaits no awaitable", lambda: awaits(numbers())),
    ("awaits a function", lambda: awaits(one)),
    ("awaits a function", lambda: awaits(Bound().method)),
    ("awaits a function", lambda: awaits(service())),
    ("awaits twice", awaits_twice),
    ("uses a coroutine", lambda: uses_a_coroutine(lambda coro: coro["key"])),
    ("uses a coroutine", lambda: uses_a_coroutine(lambda coro: coro.upper())),
    ("uses a coroutine", lambda: uses_a_coroutine(list)),
    ("iterates over a future", lambda: iterates_over(asyncio.ensure_future(one()))),
    ("runs a second loop", runs_a_second_loop),
    ("other loop", uses_a_future_of_another_loop),
    ("lock of another loop", waits_for_a_lock_of_another_loop),
    ("with for async with", lambda: enters(AsyncOnly())),
    ("with for async with", lambda: enters(asyncio.Lock())),
    ("no context manager", lambda: enters_async(open(os.devnull))),  # noqa: SIM115 - never entered
    ("for over an async generator", lambda: iterates_over(numbers())),
    ("gathers no awaitable", lambda: calls(asyncio.gather, one)),
    ("makes a task of a function", lambda: calls(asyncio.create_task, one)),
    ("waits for coroutines", lambda: waits_for(lambda: [Bound().method()])),
    ("waits for one task", lambda: waits_for(lambda: asyncio.ensure_future(one()))),
    ("changes what it iterates over", lambda: changes({1})),
    ("changes what it iterates over", lambda: changes(collections.deque([1]))),
    ("no attribute", lambda: calls(lambda: (3).missing)),
    ("no result yet", lambda: calls(lambda: asyncio.ensure_future(one()).result())),
    ("broken pool", breaks_a_pool),
    ("exception group", fails_in_a_group),
    ("no such name", lambda: calls(lambda: missing)),  # noqa: F821
    ("no value yet", reads_before),
    ("nothing of that name in a module", lambda: calls(lambda: asyncio.missing)),
]


def text_of(program):
    """What the program's error says, as a run reports it."""

    async def main():
        try:
            await program()
        except Exception as error:
            return error_text(error)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # coroutines that are left unawaited on purpose
        return asyncio.run(main())


def form(wording):
    """The form that the table has for the Python that runs."""
    forms = WORDINGS[wording]
    return forms[max(version for version in forms if version <= sys.version_info[:2])]


@pytest.mark.parametrize(("wording", "program"), PROVOKED)
@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_an_error_says_it_in_the_form_of_this_python(wording, program):
    text = text_of(program)

    assert re.search(form(wording), text), text
    assert recognise(wording, text)


def test_a_long_text_of_a_stranger_takes_no_time():
    assert [name for name in WORDINGS if recognise(name, "'" * 3_000_000)] == []
    assert recognise("awaits twice", "x" * 400 + "cannot reuse already awaited coroutine")
    assert not recognise("awaits twice", "x" * 600 + "cannot reuse already awaited coroutine")


def test_a_forgotten_coroutine_says_it_in_the_form_of_this_python():
    with pytest.warns(RuntimeWarning) as caught:
        one()

    assert re.search(form("coroutine forgotten"), str(caught[0].message))[1] == "one"


async def forgets_an_exception():
    asyncio.create_task(awaits(3))
    await asyncio.sleep(0)


async def forgets_a_task():
    asyncio.create_task(awaits(asyncio.get_running_loop().create_future()))
    await asyncio.sleep(0)
    gc.collect()


@pytest.mark.parametrize(
    ("wording", "program"),
    [("exception forgotten", forgets_an_exception), ("task collected", forgets_a_task)],
)
def test_a_loop_says_it_in_the_form_of_this_python(wording, program):
    async def main():
        asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context["message"]))
        await program()
        gc.collect()

    told = []
    asyncio.run(main())

    assert [bool(re.search(form(wording), text)) for text in told] == [True]


def test_every_wording_is_provoked():
    told = {"coroutine forgotten", "exception forgotten", "task collected"}

    assert {wording for wording, _ in PROVOKED} | told == set(WORDINGS)


@pytest.mark.parametrize(
    ("wording", "text", "groups"),
    [
        ("awaits no awaitable", "TypeError: object int can't be used in 'await' expression", ()),
        ("awaits no awaitable", "TypeError: 'int' object can't be awaited", ()),
        ("awaits a function", "TypeError: object Service can't be used in 'await' expression", ()),
        ("awaits a function", "TypeError: 'function' object can't be awaited", ()),
        ("no such name", "NameError: name 'x' is not defined", ("x",)),
    ],
)
def test_a_text_of_any_python_is_recognised(wording, text, groups):
    assert recognise(wording, text).groups() == groups


@pytest.mark.parametrize(
    ("wording", "text"),
    [
        ("awaits a function", "TypeError: 'int' object can't be awaited"),
        ("awaits a function", "TypeError: object int can't be used in 'await' expression"),
        (
            "with for async with",
            "TypeError: 'X' object does not support the asynchronous context manager protocol",
        ),
    ],
)
def test_a_text_that_says_something_else_is_not_recognised(wording, text):
    assert recognise(wording, text) is None
