"""A second opinion: looptime and the virtual loop give the same results and the same durations.

Left out is what looptime does otherwise by design: times off its grid of a microsecond, the order of equal
deadlines (asyncio's heap decides), threads, deadlocks (it hangs).
"""

import asyncio
import contextlib
import math

import looptime
import pytest
from hypothesis import given, settings
from made_up import programs, staged

from grader.loop.virtual_loop import VirtualLoop


def outcome(new_loop, program, *args):
    loop = new_loop()
    try:
        return loop.run_until_complete(program(*args)), loop.time()
    finally:
        loop.close()


def both(program, *args):
    return outcome(looptime.new_event_loop, program, *args), outcome(
        lambda: VirtualLoop(limit=math.inf), program, *args
    )


async def sequential():
    for delay in (0.1, 0.2, 0.3):
        await asyncio.sleep(delay)


async def gathered():
    return await asyncio.gather(*(asyncio.sleep(delay, delay) for delay in (3, 1, 2)))


async def grouped():
    order = []

    async def one(delay):
        await asyncio.sleep(delay)
        order.append(delay)

    async with asyncio.TaskGroup() as group:
        for delay in (3, 1, 2):
            group.create_task(one(delay))
    return order


async def group_that_fails():
    async def fail(delay):
        await asyncio.sleep(delay)
        raise ValueError(delay)

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fail(2))
            group.create_task(fail(1))
            group.create_task(asyncio.sleep(9))
    except ExceptionGroup as errors:
        return [str(error) for error in errors.exceptions]


async def timed_out():
    results = []
    for limit in (0.5, 1.5):
        try:
            async with asyncio.timeout(limit) as scope:
                await asyncio.sleep(1)
                results.append("done")
        except TimeoutError:
            results.append(scope.expired())
    return results


async def waited_for():
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.sleep(5), 2)
    return await asyncio.wait_for(asyncio.sleep(1, "slept"), 2)


async def first_of_three():
    tasks = [asyncio.create_task(asyncio.sleep(delay, delay)) for delay in (3, 1, 2)]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    return [task.result() for task in done]


async def as_they_complete():
    return [await soon for soon in asyncio.as_completed([asyncio.sleep(d, d) for d in (0.3, 0.1, 0.2)])]


async def queue_with_two_workers():
    queue, done = asyncio.Queue(3), []

    async def work(name, delay):
        while (item := await queue.get()) is not None:
            await asyncio.sleep(delay)
            done.append((name, item))

    async with asyncio.TaskGroup() as group:
        group.create_task(work("slow", 0.73))
        group.create_task(work("quick", 0.2))
        for item in [*range(10), None, None]:
            await queue.put(item)
    return done


async def bounded_by_a_semaphore():
    semaphore, ends = asyncio.Semaphore(2), []

    async def one(number):
        async with semaphore:
            await asyncio.sleep(1 + number / 10)
            ends.append(number)

    await asyncio.gather(*(one(number) for number in range(5)))
    return ends


async def locked_in_turn():
    lock, order = asyncio.Lock(), []

    async def one(name):
        async with lock:
            await asyncio.sleep(1)
            order.append(name)

    await asyncio.gather(*(one(name) for name in "abc"))
    return order


async def meeting_at_a_barrier():
    barrier = asyncio.Barrier(3)

    async def one(delay):
        await asyncio.sleep(delay)
        await barrier.wait()
        return asyncio.get_running_loop().time()

    return await asyncio.gather(*(one(delay) for delay in (1, 2, 3)))


async def retrying_with_backoff():
    attempts, delay = [], 0.5
    for _ in range(5):
        attempts.append(asyncio.get_running_loop().time())
        await asyncio.sleep(delay)
        delay *= 2
    return attempts


async def shielded():
    task = asyncio.create_task(asyncio.sleep(2, "saved"))
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(1):
            await asyncio.shield(task)
    return await task


@pytest.mark.parametrize(
    "program",
    [
        sequential,
        gathered,
        grouped,
        group_that_fails,
        timed_out,
        waited_for,
        first_of_three,
        as_they_complete,
        queue_with_two_workers,
        bounded_by_a_semaphore,
        locked_in_turn,
        meeting_at_a_barrier,
        retrying_with_backoff,
        shielded,
    ],
    ids=lambda program: program.__name__,
)
def test_looptime_agrees_on_a_program_that_is(program):
    theirs, ours = both(program)

    assert ours == theirs


@settings(derandomize=True, max_examples=150, deadline=None)
@given(programs)
def test_looptime_agrees_on_made_up_programs(program):
    (theirs, their_end), (ours, our_end) = both(staged, program)

    assert (ours, our_end) == (theirs, pytest.approx(their_end, abs=1e-3))
