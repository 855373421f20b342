"""The threads of a virtual run see its clock through `time`; all others, and everybody afterwards, see real time."""

import asyncio
import logging
import threading
import time
from time import monotonic as taken_monotonic
from time import sleep as taken_sleep

import pytest
from virtual import line_of, play, stick, virtual_loop

from grader.loop import patched_time
from grader.loop.stuck import Deadlock

NAMES = ("sleep", "time", "monotonic", "perf_counter", "time_ns", "monotonic_ns", "perf_counter_ns")
REAL = {name: getattr(time, name) for name in NAMES}


def functions_of_time():
    return {name: getattr(time, name) for name in NAMES}


async def block(seconds):
    time.sleep(seconds)  # blocks


async def three_blockers():
    async with asyncio.TaskGroup() as group:
        for number in range(3):
            group.create_task(block(1), name=f"block-{number}")


def test_blocking_sleeps_in_the_loop_take_their_sum():
    assert play(three_blockers) == (None, 3.0)


def test_blocking_sleeps_are_noted_with_instants_task_and_line():
    with virtual_loop() as loop:
        loop.run_until_complete(three_blockers())

        assert loop.blocked == [
            {"start": n, "end": n + 1, "task": f"block-{n}", "line": line_of(block, "# blocks")}
            for n in range(3)
        ]


def test_timers_that_come_due_during_a_blocking_sleep_fire_after_it():
    async def program():
        loop, fired = asyncio.get_running_loop(), []
        loop.call_later(0.5, lambda: fired.append(loop.time()))
        time.sleep(2)
        await asyncio.sleep(0.5)
        return fired

    assert play(program) == ([2.0], 2.5)


def test_blocking_sleeps_drop_float_noise_like_all_others():
    async def program():
        for _ in range(3):
            time.sleep(0.1)

    assert play(program) == (None, 0.3)


def test_a_blocking_sleep_asks_the_authority_until_its_end_is_reached():
    asked = []

    def advance(deadline):
        asked.append(deadline)
        return min(deadline, asked.count(2.0) * 1.5)

    assert (play(block, 2.0, advance=advance), asked) == ((None, 2.0), [2.0, 2.0])


def test_an_authority_that_gives_up_during_a_blocking_sleep_means_deadlock():
    assert stick(Deadlock, block, 1, advance=lambda deadline: None).at == 0


@pytest.mark.parametrize(
    ("seconds", "error"), [(-1, ValueError), (float("nan"), ValueError), ("1", TypeError)]
)
def test_a_senseless_blocking_sleep_is_refused(seconds, error):
    async def program():
        with pytest.raises(error):
            time.sleep(seconds)

    assert play(program) == (None, 0.0)


def test_a_blocking_sleep_of_zero_blocks_nobody():
    with virtual_loop() as loop:
        loop.run_until_complete(block(0))

        assert loop.blocked == []


def test_every_clock_of_the_module_shows_virtual_time():
    async def program():
        await asyncio.sleep(1.5)
        return {name: getattr(time, name)() for name in NAMES[1:]}

    assert play(program)[0] == {
        "time": 1.5,
        "monotonic": 1.5,
        "perf_counter": 1.5,
        "time_ns": 1_500_000_000,
        "monotonic_ns": 1_500_000_000,
        "perf_counter_ns": 1_500_000_000,
    }


async def read_the_wall():
    for _ in range(2):
        time.perf_counter()  # reads
        await asyncio.sleep(1)


def test_a_place_that_reads_the_wall_clock_is_noted_once():
    with virtual_loop() as loop:
        loop.run_until_complete(read_the_wall())

        assert loop.wall_reads == [
            {"func": "time.perf_counter", "line": line_of(read_the_wall, "# reads"), "at": 0.0}
        ]


def test_a_library_that_reads_the_wall_clock_is_not_the_programs_fault():
    async def program():
        logging.makeLogRecord({})

    with virtual_loop() as loop:
        loop.run_until_complete(program())

        assert loop.wall_reads == []


def test_a_thread_that_is_not_part_of_the_run_keeps_real_time():
    async def program():
        seen = []
        thread = threading.Thread(target=lambda: seen.append(time.time()))
        thread.start()
        thread.join()
        return seen[0]

    before = time.time()

    assert before <= play(program)[0] <= time.time()


def test_a_worker_thread_sees_the_clock_of_its_run():
    async def program():
        await asyncio.sleep(2)
        return await asyncio.to_thread(lambda: time.monotonic())

    assert play(program)[0] == 2.0


def test_a_loop_of_its_own_in_a_worker_thread_keeps_real_time():
    async def real_loop_time():
        return asyncio.get_running_loop().time()

    async def program():
        return await asyncio.to_thread(asyncio.run, real_loop_time())

    before = time.monotonic()

    assert before <= play(program)[0] <= time.monotonic()


def test_the_module_is_restored_after_a_run():
    play(block, 1)

    assert functions_of_time() == REAL


def test_the_module_is_restored_after_an_error():
    async def program():
        time.sleep(1)
        raise ZeroDivisionError

    with virtual_loop() as loop, pytest.raises(ZeroDivisionError):
        loop.run_until_complete(program())

    assert functions_of_time() == REAL


def test_the_module_is_restored_to_what_another_patch_had_put_there(monkeypatch):
    def frozen():
        return 42.0

    monkeypatch.setattr(time, "time", frozen)
    play(block, 1)

    assert time.time is frozen


def test_two_loops_in_two_threads_each_have_their_own_time():
    async def program(delay):
        both.wait()
        for _ in range(100):
            await asyncio.sleep(delay)
        both.wait()
        return time.monotonic()

    def run(delay):
        seen[delay] = play(program, delay)

    both, seen = threading.Barrier(2), {}
    threads = [threading.Thread(target=run, args=(delay,)) for delay in (0.1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seen == {0.1: (10.0, 10.0), 2: (200.0, 200.0)}
    assert functions_of_time() == REAL


def test_the_end_of_one_run_does_not_take_the_clock_from_another():
    async def outer():
        thread = threading.Thread(target=play, args=(block, 1))
        thread.start()
        thread.join()
        time.sleep(5)
        return time.monotonic()

    assert play(outer) == (5.0, 5.0)


def test_functions_taken_before_the_run_can_be_rebound_and_put_back():
    async def program():
        namespace["pause"](3)
        return namespace["now"]()

    namespace = {"pause": taken_sleep, "now": taken_monotonic, "other": len}
    put_back = patched_time.rebind(namespace)
    played = play(program)
    put_back()

    assert (played, namespace) == ((3.0, 3.0), {"pause": taken_sleep, "now": taken_monotonic, "other": len})


def test_rebound_functions_show_real_time_outside_a_run():
    namespace = {"now": taken_monotonic}
    patched_time.rebind(namespace)
    before = taken_monotonic()

    assert before <= namespace["now"]() <= taken_monotonic()
