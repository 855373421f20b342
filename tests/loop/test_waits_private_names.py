"""Private names on which the description of waits relies: a Python that lacks one fails here."""

import asyncio
import contextvars
import threading

import pytest
from virtual import virtual_loop

from grader.loop.awaits import Wait, describe, read


async def awaits_a_future():
    await asyncio.get_running_loop().create_future()


async def gathers():
    await asyncio.gather(asyncio.sleep(1))


@pytest.fixture
def suspended():
    """Tasks that wait, by name, with the loop that they wait on."""

    async def make():
        tasks = {
            "sleep": asyncio.create_task(asyncio.sleep(1)),
            "future": asyncio.create_task(awaits_a_future()),
            "gather": asyncio.create_task(gathers()),
        }
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return tasks

    with virtual_loop() as loop:
        yield loop.run_until_complete(make())


def test_a_task_still_names_the_future_that_it_waits_for(suspended):
    assert isinstance(suspended["future"]._fut_waiter, asyncio.Future)


def test_a_future_still_names_its_callbacks_with_their_contexts(suspended):
    [(callback, context)] = suspended["future"]._fut_waiter._callbacks

    assert callback.__self__ is suspended["future"]
    assert isinstance(context, contextvars.Context)


def test_the_locals_of_asyncio_sleep_are_still_delay_and_h(suspended):
    names = suspended["sleep"].get_coro().cr_frame.f_locals

    assert names["delay"] == 1
    assert names["h"].when() == 1.0


def test_the_future_of_gather_still_has_its_name_and_children(suspended):
    waiter = suspended["gather"]._fut_waiter

    assert type(waiter).__name__ == "_GatheringFuture"
    assert [type(child) for child in waiter._children] == [asyncio.Task]


def test_awaiting_a_future_still_drives_a_future_iter(suspended):
    assert type(suspended["future"].get_coro().cr_await).__name__ == "FutureIter"


async def ticks():
    yield 1


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: ticks().asend(None), "async_generator_asend"),
        (lambda: ticks().athrow(LookupError), "async_generator_athrow"),
        (lambda: anext(ticks(), None), "anext_awaitable"),
        (lambda: gathers().__await__(), "coroutine_wrapper"),
    ],
)
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")
def test_what_drives_a_generator_or_a_coroutine_still_has_the_known_name(make, name):
    assert type(make()).__name__ == name


GATE = threading.Event()


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda loop: loop.run_in_executor(None, GATE.wait), "_chain_future.<locals>._call_check_cancel"),
        (lambda loop: asyncio.shield(loop.create_future()), "shield.<locals>._outer_done_callback"),
    ],
)
def test_what_a_future_stands_for_is_still_told_by_its_callback(make, name):
    async def look():
        future = make(asyncio.get_running_loop())
        found = [callback.__qualname__ for callback, _ in future._callbacks]
        GATE.set()
        return found

    GATE.clear()  # a call that is over already has told so, and nothing waits for it any more

    assert name in asyncio.run(look())


def test_read_and_describe_agree(suspended):
    assert [Wait(*read(task)) for task in suspended.values()] == [
        describe(task) for task in suspended.values()
    ]
