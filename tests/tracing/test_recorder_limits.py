"""Timeout scopes of the reader's code, and the async generators in which a task waits."""

import asyncio
import contextlib
import gc
import time
import weakref

import anyio
import pytest
from recording import record, record_real, task


async def waits_long():
    await asyncio.sleep(9)


def limits_of(program, name="main"):
    return [
        (limit["start"], limit["due"], limit["end"], limit["expired"])
        for limit in task(record(program), name)["limits"]
    ]


def test_a_scope_that_is_left_in_time_ends_before_its_deadline():
    async def program():
        await asyncio.sleep(1)
        async with asyncio.timeout(5):
            await asyncio.sleep(2)
        await asyncio.sleep(1)

    assert limits_of(program) == [(1, 6, 3, False)]


def test_a_scope_that_expires_ends_at_its_deadline():
    async def program():
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2):
                await waits_long()
        await asyncio.sleep(1)

    assert limits_of(program) == [(0, 2, 2, True)]


def test_scopes_within_each_other_are_two():
    async def program():
        async with asyncio.timeout(5):
            await asyncio.sleep(1)
            async with asyncio.timeout_at(3):
                await asyncio.sleep(1)

    assert limits_of(program) == [(0, 5, 2, False), (1, 3, 2, False)]


def test_a_deadline_that_is_moved_stays_one_scope():
    async def program():
        async with asyncio.timeout(1) as scope:
            await asyncio.sleep(0.5)
            scope.reschedule(4)
            await asyncio.sleep(2)

    assert limits_of(program) == [(0, 4, 2.5, False)]


def test_wait_for_is_a_scope():
    async def program():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(waits_long(), 3)
        await asyncio.sleep(1)

    assert limits_of(program) == [(0, 3, 3, True)]


def test_wait_with_a_timeout_is_a_scope():
    async def program():
        await asyncio.wait([asyncio.create_task(waits_long(), name="long")], timeout=2)

    assert limits_of(program) == [(0, 2, 2, True)]


def test_a_sleep_is_no_scope():
    assert limits_of(waits_long) == []


def test_a_blocked_loop_leaves_its_scope_late_and_unexpired():
    async def program():
        async with asyncio.timeout(1):
            time.sleep(2)
        await asyncio.sleep(1)

    assert limits_of(program) == [(0, 1, 2, False)]


def test_a_scope_that_is_open_at_the_end_has_no_end():
    async def waits():
        async with asyncio.timeout(5):
            await waits_long()

    async def program():
        asyncio.create_task(waits(), name="open")
        await asyncio.sleep(1)

    assert limits_of(program, "open") == [(0, 5, None, False)]


def test_the_scopes_of_a_library_are_its_own():
    async def program():
        with anyio.move_on_after(1):
            await waits_long()

    assert limits_of(program) == []


def test_a_deadline_at_the_end_of_time_is_a_number():
    async def program():
        async with asyncio.timeout(float("inf")):
            await asyncio.sleep(1)

    assert limits_of(program) == [(0, 1e9, 1, False)]


def test_scopes_are_seen_on_a_real_clock_too():
    async def program():
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.01):
                await waits_long()
        await asyncio.sleep(0)

    [limit] = task(record_real(program), "main")["limits"]

    assert limit["expired"]
    assert limit["start"] < limit["due"] <= limit["end"]


@pytest.mark.parametrize("expires", [False, True])
def test_no_task_lives_on_in_its_scope(expires):
    refs = []

    async def bounded():
        refs.append(weakref.ref(asyncio.current_task()))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1 if expires else 9):
                await asyncio.sleep(2)

    async def program():
        await asyncio.create_task(bounded())
        await asyncio.sleep(1)
        gc.collect()
        return refs[0]() is None

    results = []

    async def look():
        results.append(await program())

    record(look)
    assert results == [True]


# generators


async def pages():
    for page in (1, 2):
        await asyncio.sleep(1)
        yield page


async def doubled():
    async for page in pages():
        await asyncio.sleep(0)
        yield 2 * page


def within(program):
    return [wait.get("within", []) for wait in task(record(program), "main")["waits"]]


def test_a_wait_in_a_generator_names_it():
    async def program():
        async for _ in pages():
            await asyncio.sleep(2)

    assert within(program) == [["pages"], [], ["pages"], []]


def test_a_generator_in_a_generator_comes_after_it():
    async def program():
        async for _ in doubled():
            pass

    assert within(program)[:2] == [["doubled", "pages"], ["doubled"]]


def test_what_a_generator_awaits_is_a_wait_in_it():
    async def helps():
        await asyncio.get_running_loop().run_in_executor(None, int)

    async def generates():
        await helps()
        yield 1

    async def program():
        async for _ in generates():
            pass

    assert within(program) == [["generates"]]


def test_an_async_context_manager_is_a_generator_too():
    @contextlib.asynccontextmanager
    async def connection():
        await asyncio.sleep(1)
        yield
        await asyncio.sleep(1)

    async def program():
        async with connection():
            await asyncio.sleep(2)

    assert within(program) == [["connection"], [], ["connection"]]
