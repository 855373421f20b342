"""What describe says of a task: what it waits for, or how far it is."""

import asyncio
import sys

import anyio
import pytest
from virtual import line_of, virtual_loop
from waiting import seen_waiting

from grader import service
from grader.loop.awaits import Wait, describe


async def sleeps():
    await asyncio.sleep(0.5)


async def yields():
    while True:
        await asyncio.sleep(0)


async def taken_lock():
    lock = asyncio.Lock()
    await lock.acquire()
    return lock


async def locks():
    await (await taken_lock()).acquire()


async def enters_a_lock():
    lock = await taken_lock()
    async with lock:
        pass


async def semaphores():
    await asyncio.Semaphore(0).acquire()


async def gets():
    await asyncio.Queue().get()


async def puts():
    queue = asyncio.Queue(1)
    queue.put_nowait(1)
    await queue.put(2)


async def joins():
    queue = asyncio.Queue()
    queue.put_nowait(1)
    await queue.join()


async def events():
    await asyncio.Event().wait()


async def conditions():
    condition = asyncio.Condition()
    async with condition:
        await condition.wait()


async def conditions_for():
    condition = asyncio.Condition()
    async with condition:
        await condition.wait_for(lambda: False)


async def barriers():
    await asyncio.Barrier(2).wait()


async def groups():
    async with asyncio.TaskGroup() as group:
        group.create_task(asyncio.sleep(1))


async def gathers():
    await asyncio.gather(asyncio.sleep(1))


async def waits():
    await asyncio.wait([asyncio.create_task(asyncio.sleep(1))])


async def first_completed():
    for first in asyncio.as_completed([asyncio.sleep(1)]):
        await first


async def tasks():
    await asyncio.create_task(asyncio.sleep(1), name="other")


async def shields():
    await asyncio.shield(asyncio.sleep(1))


async def futures():
    await asyncio.get_running_loop().create_future()


@pytest.mark.parametrize(
    ("program", "kind", "what"),
    [
        (sleeps, "timer", "sleep 0.5 s"),
        (yields, "yield", "sleep(0)"),
        (locks, "sync", "cerrojo"),
        (enters_a_lock, "sync", "cerrojo"),
        (semaphores, "sync", "semáforo"),
        (gets, "sync", "queue.get"),
        (puts, "sync", "queue.put"),
        (joins, "sync", "queue.join"),
        (events, "sync", "event.wait"),
        (conditions, "sync", "condition.wait"),
        (conditions_for, "sync", "condition.wait"),
        (barriers, "sync", "barrier.wait"),
        (groups, "task", "TaskGroup"),
        (gathers, "task", "gather"),
        (waits, "task", "wait"),
        (first_completed, "task", "as_completed"),
        (tasks, "task", "other"),
        (shields, "task", "shield"),
        (futures, "future", "futuro"),
    ],
)
def test_a_wait_is_recognised(program, kind, what):
    wait = seen_waiting(program)

    assert (wait.kind, wait.what) == (kind, what)


def test_a_service_is_called_by_its_name_and_arguments():
    fetch = service(name="fetch", delay=1)

    async def program():
        await fetch(1)  # here

    wait = seen_waiting(program)

    assert wait == Wait("service", "fetch(1)", line_of(program, "# here"), None)


def test_a_sleep_tells_when_its_alarm_rings():
    assert seen_waiting(sleeps).due == 0.5


def test_a_sleep_for_ever_has_no_alarm():
    wait = seen_waiting(lambda: asyncio.sleep(float("inf")))

    assert (wait.what, wait.due) == ("sleep inf s", None)


def test_a_sleep_of_another_library_is_a_sleep_too():
    async def program():
        await anyio.sleep(2)

    wait = seen_waiting(program)

    assert (wait.kind, wait.what, wait.due) == ("timer", "sleep 2 s", 2.0)


def test_a_lock_of_another_library_is_a_lock_too():
    async def program():
        lock = anyio.Lock()
        lock.acquire_nowait()
        await asyncio.create_task(lock.acquire())

    async def look():
        task = asyncio.create_task(program())
        for _ in range(4):
            await asyncio.sleep(0)
        [inner] = asyncio.all_tasks() - {task, asyncio.current_task()}
        return describe(inner)

    with virtual_loop() as loop:
        assert loop.run_until_complete(look())[:2] == ("sync", "cerrojo")


def test_a_function_of_the_user_with_a_known_name_is_not_taken_for_the_librarys():
    async def sleep(delay):
        await asyncio.Event().wait()

    wait = seen_waiting(lambda: sleep(3))

    assert wait.what == "event.wait"


def test_wait_for_shows_what_it_waits_for():
    async def program():
        await asyncio.wait_for(asyncio.Event().wait(), 9)

    # Up to 3.11 it makes a task of its own, and waits for a future.
    assert seen_waiting(program).what == ("wait_for" if sys.version_info < (3, 12) else "event.wait")


# tasks that do not wait


def test_a_task_that_has_not_begun_stands_before_its_first_step():
    assert seen_waiting(sleeps, steps=0).what == "su primer paso"


def test_a_task_that_is_done_has_ended():
    async def program():
        pass

    assert seen_waiting(program).what == "fin"


def test_the_running_task_runs_on_its_line():
    async def program():
        return describe(asyncio.current_task())  # here

    with virtual_loop() as loop:
        seen = loop.run_until_complete(program())

    assert (seen.what, seen.line) == ("ejecución", line_of(program, "# here"))
