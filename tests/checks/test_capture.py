"""A swallowed cancellation is told apart from those that a TaskGroup or a timeout takes back."""

import asyncio
import inspect
import sys
from asyncio import taskgroups, timeouts

import pytest

from grader import run_virtual, service
from grader.checks.runner import _OWN_CANCELS


async def deaf():
    try:
        await asyncio.sleep(9)
    except asyncio.CancelledError:
        return "sigo"


async def cancel(coro):
    task = asyncio.create_task(coro, name="w")
    await asyncio.sleep(1)
    task.cancel()
    return (await asyncio.gather(task, return_exceptions=True))[0]


async def cancelled_from_outside():
    return await cancel(deaf())


async def cancelled_by_a_sibling_that_failed():
    async def fail():
        await asyncio.sleep(1)
        raise ValueError

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(deaf(), name="w")
            group.create_task(fail())
    except* ValueError:
        pass


@pytest.mark.parametrize("program", [cancelled_from_outside, cancelled_by_a_sibling_that_failed])
def test_a_task_that_returns_after_a_cancellation_swallowed_it(program):
    found = [finding for finding in run_virtual(program).findings if finding.fault]

    assert [(finding.kind, finding.label) for finding in found] == [("swallowed", "M18")]
    assert "«w»" in found[0].text


async def re_raises():
    async def polite():
        try:
            await asyncio.sleep(9)
        finally:
            await asyncio.sleep(1)

    return await cancel(polite())


async def fails_while_cleaning():
    async def clumsy():
        try:
            await asyncio.sleep(9)
        finally:
            raise OSError("x")

    return await cancel(clumsy())


async def takes_it_back():
    async def waits():
        try:
            await asyncio.sleep(9)
        except asyncio.CancelledError:
            asyncio.current_task().uncancel()

    return await cancel(waits())


async def times_out():
    try:
        async with asyncio.timeout(1):
            await asyncio.sleep(9)
    except TimeoutError:
        pass


async def waits_for():
    try:
        await asyncio.wait_for(asyncio.sleep(9), 1)
    except TimeoutError:
        pass


async def catches_the_error_of_its_group():
    async def fail():
        raise ValueError

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fail())
            await asyncio.sleep(9)
    except* ValueError:
        pass
    await asyncio.sleep(1)


async def cancels_its_group():
    async with asyncio.TaskGroup() as group:
        group.create_task(asyncio.sleep(9))
        await asyncio.sleep(1)
        if hasattr(group, "cancel"):  # from 3.15
            group.cancel()
        await asyncio.sleep(9)
    await asyncio.sleep(1)


async def finishes_in_the_same_turn():
    async def quick():
        return 1

    task = asyncio.create_task(quick())
    await asyncio.sleep(0)
    task.cancel()
    return await task


@pytest.mark.parametrize(
    "program",
    [
        re_raises,
        fails_while_cleaning,
        takes_it_back,
        times_out,
        waits_for,
        catches_the_error_of_its_group,
        cancels_its_group,
        finishes_in_the_same_turn,
    ],
)
def test_an_honest_program_swallows_nothing(program):
    assert [finding for finding in run_virtual(program).findings if finding.fault] == []


def test_the_private_methods_that_cancel_are_still_there():
    methods = [taskgroups.TaskGroup._on_task_done, timeouts.Timeout._on_timeout]
    if sys.version_info >= (3, 15):
        methods.insert(1, taskgroups.TaskGroup.cancel)

    assert [method.__code__ for method in methods] == _OWN_CANCELS
    for method in methods:
        assert ".cancel(" in inspect.getsource(method)


def test_a_task_shows_its_exception_without_counting_it_as_retrieved():
    async def fail():
        raise ValueError("x")

    def look():
        task = asyncio.get_running_loop().create_task(fail())
        return wait(task)

    async def wait(task):
        await asyncio.sleep(0)
        return repr(task._exception)

    outcome = run_virtual(look)

    assert outcome.value == "ValueError('x')"
    assert [finding.kind for finding in outcome.findings] == ["lost-exception"]


def test_an_error_of_a_service_that_nobody_collects_is_found():
    async def forget(charge):
        asyncio.create_task(charge())
        await asyncio.sleep(2)

    outcome = run_virtual(forget, service(name="charge", fail=ValueError("x")))

    assert [(finding.kind, finding.label) for finding in outcome.findings] == [("lost-exception", "M13")]
    assert "«charge»" in outcome.findings[0].text


def test_a_coroutine_inside_a_forgotten_one_is_reported_too(capfd):
    async def outer(coro):
        await coro

    async def inner():
        pass

    def forget():
        outer(inner())

    found = [finding.text for finding in run_virtual(forget).findings]

    assert ["outer" in found[0], "inner" in found[1]] == [True, True]
    assert capfd.readouterr().err == ""


def test_a_task_without_a_name_keeps_its_default_name():
    async def name():
        return asyncio.create_task(asyncio.sleep(0)).get_name().startswith("Task-")

    assert run_virtual(name).value is True
