"""The virtual clock is exact, keeps the order of timers, and moves only as its authority says."""

import asyncio
import heapq
import inspect
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from virtual import play, stick, virtual_loop

from grader.clock import Deadlock, Runaway, TooLong, VirtualLoop, snap


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


def test_the_wall_limit_ends_a_program_that_never_comes_to_an_end():
    assert stick(TooLong, sleeps, *[1] * 1000, wall_limit=0).at < 1000


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


# --- the authority over time ---


def test_the_authority_is_asked_for_each_deadline():
    asked = []
    play(sleeps, 1, 0.5, advance=lambda deadline: asked.append(deadline) or deadline)

    assert asked == [1.0, 1.5]


def test_an_authority_may_stop_the_clock_before_the_deadline_and_deliver():
    async def program():
        answers.append(asyncio.get_running_loop().create_future())
        async with asyncio.timeout(5):
            return await answers[0], asyncio.get_running_loop().time()

    def advance(deadline):
        if not answers[0].done():
            answers[0].set_result("answer")
            return 0.1 + 0.2
        return deadline

    answers = []

    assert play(program, advance=advance)[0] == ("answer", 0.3)


def test_without_a_timer_the_authority_is_asked_without_a_deadline():
    async def program():
        waiting.append(asyncio.get_running_loop().create_future())
        await waiting[0]

    def advance(deadline):
        asked.append(deadline)
        waiting[0].set_result(None)
        return 7.0

    waiting, asked = [], []

    assert (play(program, advance=advance), asked) == ((None, 7.0), [None])


def test_an_authority_that_knows_nobody_who_could_wake_up_means_deadlock():
    async def program():
        await asyncio.get_running_loop().create_future()

    assert stick(Deadlock, program, advance=lambda deadline: None).tasks[0]["what"] == "future"


def test_the_clock_never_goes_back():
    def advance(deadline):
        seen.append(loop.time())
        return next(answers)

    answers, seen = iter([2.0, 1.0, 3.0]), []
    with virtual_loop(advance=advance) as loop:
        loop.run_until_complete(sleeps(3))

    assert seen == [0.0, 2.0, 2.0]


def test_an_authority_is_never_followed_beyond_the_deadline():
    assert play(sleeps, 1, advance=lambda deadline: 50.0) == (None, 1.0)


def test_an_authority_that_stops_the_clock_for_ever_is_a_runaway():
    assert stick(Runaway, sleeps, 1, advance=lambda deadline: 0.0, max_steps=100).at == 0


def test_the_authority_is_not_asked_for_more_than_the_limit():
    asked = []
    stick(TooLong, sleeps, 5, limit=3, advance=lambda deadline: asked.append(deadline) or deadline)

    assert asked == [3]


# --- private names of asyncio that the clock relies on; a new Python that lacks one fails here ---


@pytest.mark.parametrize(
    "name",
    ["_check_closed", "_check_thread", "_check_callback", "_check_default_executor"],
)
def test_asyncio_still_has_the_check(name):
    assert callable(getattr(asyncio.BaseEventLoop, name))


@pytest.mark.parametrize("name", ["_scheduled", "_clock_resolution", "_debug", "_default_executor"])
def test_asyncio_still_keeps_this_in_a_loop(name):
    with asyncio.Runner() as runner:
        assert name in vars(runner.get_loop())


def test_asyncio_still_keeps_its_timers_in_a_heap_ordered_by_the_timers_themselves():
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        timers = [loop.call_later(delay, int) for delay in (3, 1, 2)]

        assert [heapq.heappop(loop._scheduled) for _ in timers] == [timers[1], timers[2], timers[0]]


@pytest.mark.parametrize("name", ["_when", "_scheduled", "_source_traceback"])
def test_a_timer_still_has_the_slot(name):
    with asyncio.Runner() as runner:
        assert hasattr(runner.get_loop().call_later(1, int), name)


def test_call_at_of_asyncio_still_does_no_more_than_ours():
    source = inspect.getsource(asyncio.BaseEventLoop.call_at)
    body = [line.strip() for line in source.split('"""')[2].splitlines() if line.strip()]

    assert body == [
        "if when is None:",
        'raise TypeError("when cannot be None")',
        "self._check_closed()",
        "if self._debug:",
        "self._check_thread()",
        "self._check_callback(callback, 'call_at')",
        "timer = events.TimerHandle(when, callback, args, self, context)",
        "if timer._source_traceback:",
        "del timer._source_traceback[-1]",
        "heapq.heappush(self._scheduled, timer)",
        "timer._scheduled = True",
        "return timer",
    ]


def test_the_loop_still_runs_timers_that_are_due_within_its_clock_resolution():
    async def program():
        loop, fired = asyncio.get_running_loop(), []
        loop.call_at(loop.time() + loop._clock_resolution / 2, fired.append, "due")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return fired

    assert play(program) == (["due"], 0.0)
