"""The virtual clock is exact, keeps the order of timers, and moves only as its authority says."""

import asyncio
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from virtual import play, stick, virtual_loop

from grader.loop.stuck import Deadlock, TooLong
from grader.loop.virtual_loop import VirtualLoop, snap


async def sleeps(*delays):
    for delay in delays:
        await asyncio.sleep(delay)


@pytest.mark.parametrize(
    ("delays", "elapsed"),
    [
        ([0.1] * 10, 1.0),
        ([0.1] * 3, 0.3),
        ([1 / 3] * 3, 1.0),
        ([0.1, 0.2], 0.3),
        ([1.1, 2.2], 3.3),
        ([0.1] * 36_000, 3600.0),
        ([1e-17] * 1000, 1e-6),
        ([0, -1], 0.0),
    ],
    ids=lambda value: f"{len(value)} sleeps of {value[0]:.3g}" if isinstance(value, list) else None,
)
def test_a_row_of_sleeps_takes_exactly_the_sum(delays, elapsed):
    assert play(sleeps, *delays) == (None, elapsed)


def test_concurrent_sleeps_take_as_long_as_the_longest():
    async def program():
        async with asyncio.TaskGroup() as group:
            for delay in (3, 1, 2):
                group.create_task(asyncio.sleep(delay))

    assert play(program) == (None, 3.0)


@settings(derandomize=True)
@given(st.floats(0, 1e12))
def test_snap_moves_a_time_by_float_noise_only(seconds):
    assert abs(snap(seconds) - seconds) <= 4 * math.ulp(seconds)


@settings(derandomize=True)
@given(st.integers(1, 3_600_000_000_000), st.integers(-2, 2))
def test_snap_finds_the_decimal_behind_float_noise(nanoseconds, noise):
    exact = nanoseconds / 1e9

    assert snap(exact + noise * math.ulp(exact)) == float(f"{nanoseconds}e-9")


def test_snap_leaves_a_third_alone():
    assert snap(1 / 3) == 1 / 3


def test_the_shortest_sleep_moves_the_clock_even_after_a_hundred_years():
    _, elapsed = play(sleeps, 3e9, *[1e-9] * 100, limit=math.inf)

    assert 3e9 < elapsed < 3e9 + 1


async def finishing_order(start):
    order = []

    async def one(name, delay):
        await asyncio.sleep(delay)
        order.append(name)

    await asyncio.gather(*(one(name, delay) for name, delay in start))
    return order


def test_equal_deadlines_fire_in_the_order_in_which_they_were_set():
    assert play(finishing_order, [(n, 1) for n in range(6)]) == ([0, 1, 2, 3, 4, 5], 1.0)


def test_a_thousand_equal_sleeps_end_in_order_and_on_time():
    assert play(finishing_order, [(n, 1) for n in range(1000)]) == (list(range(1000)), 1.0)


def test_deadlines_that_differ_by_float_noise_count_as_equal():
    async def program():
        loop, fired = asyncio.get_running_loop(), []
        await asyncio.sleep(0.1)
        loop.call_at(0.1 + 0.2, fired.append, "noisy")
        loop.call_at(0.3, fired.append, "exact")
        await asyncio.sleep(1)
        return fired

    assert play(program)[0] == ["noisy", "exact"]


def test_equal_deadlines_keep_their_order_when_asyncio_rebuilds_its_heap():
    async def program():
        loop, fired = asyncio.get_running_loop(), []
        for number in range(300):
            timer = loop.call_later(1, fired.append, number)
            if number % 3:
                timer.cancel()
        await asyncio.sleep(1)
        return fired

    assert play(program)[0] == list(range(0, 300, 3))


def test_the_time_in_a_callback_is_the_deadline_of_its_timer():
    async def program():
        loop, seen = asyncio.get_running_loop(), []
        timer = loop.call_at(1 / 3, lambda: seen.append(loop.time()))
        await asyncio.sleep(1)
        return seen == [timer.when()]

    assert play(program)[0] is True


@pytest.mark.parametrize("name", ["call_later", "call_at"])
def test_debug_mode_records_where_a_timer_was_set(name):
    async def program():
        loop = asyncio.get_running_loop()
        loop.set_debug(True)
        timer = getattr(loop, name)(1, int)
        return timer._source_traceback[-1].name

    assert play(program)[0] == "program"


@pytest.mark.parametrize("name", ["call_later", "call_at"])
def test_a_timer_without_a_time_is_refused_as_asyncio_refuses_it(name):
    with virtual_loop() as loop, pytest.raises(TypeError, match="be None"):
        getattr(loop, name)(None, int)


def test_the_limit_itself_can_be_reached():
    assert play(sleeps, 3600.0) == (None, 3600.0)


def test_beyond_the_limit_the_clock_stops_at_it():
    assert stick(TooLong, sleeps, 5, limit=3).at == 3


def test_the_cpu_limit_ends_a_program_that_never_comes_to_an_end():
    assert stick(TooLong, sleeps, *[1] * 1000, cpu_limit=0).at < 1000


def test_a_sleep_for_ever_wakes_nobody():
    assert stick(Deadlock, sleeps, 1, math.inf).at == 1


def test_lifted_limits_let_clean_up_work_after_the_limit():
    with virtual_loop(limit=1) as loop:
        with pytest.raises(TooLong):
            loop.run_until_complete(sleeps(2))
        loop.lift_limits()
        loop.run_until_complete(sleeps(2))

        assert loop.time() == 3


def test_asyncio_can_run_a_program_on_the_loop():
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(sleeps(1))

        assert runner.get_loop().time() == 1
