"""The instants of cancellations, where they can be known."""

import asyncio
import contextlib
import time

import anyio
import pytest
from recording import record, task


async def waits_long():
    await asyncio.sleep(9)


def cancels_of(program, name):
    return task(record(program), name)["cancels"]


def test_the_instant_of_a_cancellation_is_known():
    async def program():
        victim = asyncio.create_task(waits_long(), name="victim")
        await asyncio.sleep(1)
        victim.cancel()
        time.sleep(2)
        await asyncio.wait([victim])

    assert cancels_of(program, "victim") == [1]


def test_a_cancellation_before_the_first_step_is_known_while_the_clock_stands():
    async def program():
        victim = asyncio.create_task(waits_long(), name="victim")
        victim.cancel()
        await asyncio.wait([victim])

    assert cancels_of(program, "victim") == [0]


def test_a_cancellation_of_a_queued_task_has_no_known_instant_when_time_passes():
    async def program():
        victim = asyncio.create_task(waits_long(), name="victim")
        time.sleep(1)
        victim.cancel()
        time.sleep(1)
        await asyncio.wait([victim])

    assert cancels_of(program, "victim") == []


@pytest.mark.parametrize("make", [asyncio.create_task, asyncio.gather, asyncio.shield])
def test_cancelling_a_task_that_awaits_others_is_known_for_it(make):
    async def stubborn():
        try:
            await asyncio.sleep(9)
        finally:
            await asyncio.sleep(3)

    async def awaits():
        await make(stubborn())

    async def program():
        victim = asyncio.create_task(awaits(), name="victim")
        await asyncio.sleep(1)
        victim.cancel()
        await asyncio.wait([victim])

    assert cancels_of(program, "victim") == [1]


def test_a_deadline_asks_those_to_stop_who_are_awaited_in_its_scope():
    async def program():
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2):
                await asyncio.gather(waits_long(), waits_long())

    data = record(program)

    assert [(seen["cancels"], seen["aborts"]) for seen in data["tasks"]] == [([], []), ([], [2]), ([], [2])]
    assert [seen["cleaning"] for seen in data["tasks"]] == [2, 2, 2]


def test_what_a_library_cancels_for_itself_is_not_the_reader_s_doing():
    async def program():
        with anyio.move_on_after(1):
            await waits_long()
        await asyncio.sleep(1)

    main = task(record(program), "main")
    assert (main["cancels"], main["aborts"]) == ([], [])


def test_a_failing_group_cancels_the_others_when_it_fails():
    async def fails():
        await asyncio.sleep(1)
        raise LookupError

    async def program():
        with contextlib.suppress(ExceptionGroup):
            async with asyncio.TaskGroup() as group:
                group.create_task(fails(), name="fails")
                group.create_task(waits_long(), name="victim")

    victim = task(record(program), "victim")
    assert (victim["cancels"], victim["aborts"]) == ([], [1])


def test_a_group_that_interrupts_its_own_body_cancels_nobody_else():
    async def fails():
        await asyncio.sleep(1)
        raise LookupError

    async def parent():
        async with asyncio.TaskGroup() as group:
            group.create_task(fails(), name="fails")
            await asyncio.sleep(9)

    async def program():
        await asyncio.wait([asyncio.create_task(parent(), name="parent")])

    assert cancels_of(program, "parent") == []


def test_a_clean_up_that_is_cut_began_with_the_first_cancellation():
    async def cleans():
        try:
            await asyncio.sleep(9)
        finally:
            await asyncio.sleep(9)

    async def program():
        victim = asyncio.create_task(cleans(), name="victim")
        for _ in range(2):
            await asyncio.sleep(1)
            victim.cancel()
        await asyncio.wait([victim])

    victim = task(record(program), "victim")

    assert (victim["cancels"], victim["cleaning"]) == ([1, 2], 1)


def test_a_clean_up_does_not_begin_with_a_timeout_that_was_caught():
    async def cleans():
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                await asyncio.sleep(9)
        await asyncio.sleep(9)

    async def program():
        victim = asyncio.create_task(cleans(), name="victim")
        await asyncio.sleep(3)
        victim.cancel()
        await asyncio.wait([victim])

    victim = task(record(program), "victim")

    assert (victim["cancels"], victim["cleaning"]) == ([3], 3)


def test_a_second_cancellation_is_another_instant():
    async def stubborn():
        for _ in range(2):
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(9)

    async def program():
        victim = asyncio.create_task(stubborn(), name="victim")
        for _ in range(2):
            await asyncio.sleep(1)
            victim.cancel()
        await victim

    data = record(program)

    assert (task(data, "victim")["cancels"], task(data, "victim")["state"]) == ([1, 2], "done")


def test_a_future_cancelled_by_hand_is_no_cancellation_of_its_task():
    async def awaits(future):
        with contextlib.suppress(asyncio.CancelledError):
            await future

    async def program():
        future = asyncio.get_running_loop().create_future()
        victim = asyncio.create_task(awaits(future), name="victim")
        await asyncio.sleep(1)
        future.cancel()
        await victim

    assert cancels_of(program, "victim") == []
