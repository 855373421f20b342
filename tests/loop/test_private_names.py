"""Private names of the standard library on which the virtual clock relies: a Python that lacks one fails here."""

import asyncio
import concurrent.futures
import heapq
import inspect
import threading

import pytest
from virtual import play


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


def test_a_thread_pool_still_tells_its_size():
    assert concurrent.futures.ThreadPoolExecutor(3)._max_workers == 3


def test_a_process_pool_still_tells_its_size():
    assert concurrent.futures.ProcessPoolExecutor(3)._max_workers == 3


def test_a_callback_that_a_callback_appends_is_still_called_last():
    def append(future):
        called.append("first")
        future._done_callbacks.append(lambda future: called.append("last"))

    future, called = concurrent.futures.Future(), []
    future.add_done_callback(append)
    future.add_done_callback(lambda future: called.append("second"))
    future.set_result(None)

    assert called == ["first", "second", "last"]


def test_a_condition_still_waits_for_a_lock_called_waiter():
    assert "waiter" in threading.Condition.wait.__code__.co_varnames


@pytest.mark.parametrize("way", ["set_result", "set_exception", "cancel"])
def test_asyncio_still_copies_what_became_of_a_call(way):
    async def program():
        source, destination = concurrent.futures.Future(), asyncio.get_running_loop().create_future()
        getattr(source, way)(*{"set_result": [7], "set_exception": [ValueError("x")]}.get(way, []))
        asyncio.futures._copy_future_state(source, destination)
        return (await asyncio.gather(destination, return_exceptions=True))[0]

    assert (
        repr(play(program)[0])
        == {
            "set_result": "7",
            "set_exception": "ValueError('x')",
            "cancel": "CancelledError('')",
        }[way]
    )


def test_run_in_executor_of_asyncio_still_does_no_more_than_ours():
    source = inspect.getsource(asyncio.BaseEventLoop.run_in_executor)
    body = [line.strip() for line in source.splitlines() if line.strip() and "#" not in line]

    assert body == [
        "def run_in_executor(self, executor, func, *args):",
        "self._check_closed()",
        "if self._debug:",
        "self._check_callback(func, 'run_in_executor')",
        "if executor is None:",
        "executor = self._default_executor",
        "self._check_default_executor()",
        "if executor is None:",
        "executor = concurrent.futures.ThreadPoolExecutor(",
        "thread_name_prefix='asyncio'",
        ")",
        "self._default_executor = executor",
        "return futures.wrap_future(",
        "executor.submit(func, *args), loop=self)",
    ]
