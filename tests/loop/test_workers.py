"""Real work in threads, processes and sockets holds the clock; the sleep of a worker thread is virtual."""

import asyncio
import concurrent.futures
import contextlib
import os
import socket
import sys
import threading
import time
from pathlib import Path
from queue import SimpleQueue

import pytest
from virtual import play

from grader import run_virtual
from grader.loop import executors, stopwatch


async def sleep_in_threads(count, pool=None):
    loop = asyncio.get_running_loop()
    await asyncio.gather(*(loop.run_in_executor(pool, time.sleep, 1) for _ in range(count)))


def test_sleeps_in_threads_run_side_by_side():
    async def program():
        await asyncio.gather(*(asyncio.to_thread(time.sleep, 1) for _ in range(3)))

    assert play(program) == (None, 1.0)


def test_more_sleeps_than_threads_take_turns():
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        assert play(sleep_in_threads, 5, pool) == (None, 3.0)


def test_the_default_executor_has_32_threads_on_every_machine():
    assert [play(sleep_in_threads, count)[1] for count in (32, 33)] == [1.0, 2.0]


def test_threads_that_wake_at_the_same_instant_go_on_in_the_order_of_their_submission():
    def job(number):
        for _ in range(3):
            time.sleep(1)
            order.append(number)

    async def program():
        await asyncio.gather(*(asyncio.to_thread(job, number) for number in range(10)))

    order = []
    play(program)

    assert order == list(range(10)) * 3


def test_the_clock_stands_still_while_a_thread_works():
    async def program():
        async with asyncio.timeout(0.001):
            return await asyncio.to_thread(sum, range(1_000_000))

    assert play(program) == (499_999_500_000, 0.0)


def test_no_short_call_is_ever_overtaken_by_the_clock():
    async def program():
        for number in range(300):
            async with asyncio.timeout(0.001):
                await asyncio.to_thread(int, number)

    assert play(program) == (None, 0.0)


def test_a_thread_whose_wait_was_cancelled_still_holds_the_clock():
    async def program():
        loop = asyncio.get_running_loop()
        task = asyncio.create_task(asyncio.to_thread(job, loop))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.sleep(1)

    def job(loop):
        sum(range(1_000_000))
        ended.append(loop.time())

    ended = []

    assert (play(program), ended) == ((None, 1.0), [0.0])


def test_a_timeout_leaves_the_thread_asleep_until_its_own_time():
    async def program():
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await asyncio.to_thread(job)
        left_at = time.monotonic()
        await asyncio.sleep(9)
        return left_at

    def job():
        time.sleep(3)
        ended.append(time.monotonic())

    ended = []

    assert (play(program), ended) == ((1.0, 10.0), [3.0])


def test_a_task_comes_before_a_thread_that_wakes_at_the_same_instant():
    async def program():
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.to_thread(job))
            for _ in range(10):
                await asyncio.sleep(1)
                order.append("task")

    def job():
        for _ in range(10):
            time.sleep(1)
            order.append("thread")

    order = []
    play(program)

    assert order == ["task", "thread"] * 10


def test_threads_sleep_while_the_loop_is_blocked():
    async def program():
        waiting = asyncio.create_task(asyncio.to_thread(job))
        await asyncio.sleep(0)
        time.sleep(2)
        await waiting

    def job():
        for _ in range(4):
            time.sleep(0.5)
            seen.append(time.monotonic())

    seen = []

    assert (play(program), seen) == ((None, 2.0), [0.5, 1.0, 1.5, 2.0])


def test_a_thread_can_wait_for_an_event_that_a_task_sets_later():
    async def program():
        event = threading.Event()
        waiting = asyncio.create_task(asyncio.to_thread(event.wait))
        await asyncio.sleep(1)
        event.set()
        return await waiting

    assert play(program) == (True, 1.0)


def enter(lock):
    with lock:
        time.sleep(1)


def acquire(lock):
    lock.acquire()
    time.sleep(1)
    lock.release()


def acquire_with_a_timeout(lock):
    if lock.acquire(timeout=60):
        time.sleep(1)
        lock.release()


@pytest.fixture(params=["as the system tells", "as the frame tells"])
def spots(request, monkeypatch):
    """Both ways to find out that a thread waits: Linux's, and that of the other systems."""

    def refuse(native_id):
        raise OSError

    if request.param == "as the frame tells":
        monkeypatch.setattr(executors, "_system_spot", refuse)


@pytest.mark.parametrize("job", [enter, acquire, acquire_with_a_timeout])
@pytest.mark.parametrize("kind", [threading.Lock, threading.RLock, threading.Semaphore])
@pytest.mark.usefixtures("spots")
def test_a_thread_can_wait_for_a_lock_whose_owner_sleeps(job, kind):
    async def program():
        await asyncio.gather(asyncio.to_thread(job, lock), asyncio.to_thread(job, lock))

    lock = kind()

    assert play(program) == (None, 2.0)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell that a thread waits in C")
def test_a_thread_can_wait_in_c_for_what_a_task_does_later():
    async def program():
        waiting = asyncio.create_task(asyncio.to_thread(queue.get))
        await asyncio.sleep(1)
        queue.put("here")
        return await waiting

    queue = SimpleQueue()

    assert play(program) == ("here", 1.0)


@pytest.mark.usefixtures("spots")
def test_a_thread_that_waits_for_the_interpreter_works():
    async def program():
        async with asyncio.timeout(0.001):
            return await asyncio.gather(*(asyncio.to_thread(count) for _ in range(2)))

    def count():
        number = 0
        while number < 1_000_000:
            number += 1
        return number

    assert play(program) == ([1_000_000] * 2, 0.0)


@pytest.mark.usefixtures("spots")
def test_a_thread_that_waits_for_a_socket_works(monkeypatch):
    async def program():
        async with asyncio.timeout(0.001):
            return await asyncio.to_thread(near.recv, 1)

    def send():
        for _ in range(3_000_000):
            pass
        far.send(b"x")

    monkeypatch.setattr("grader.loop.virtual_loop.TURN", 0.001)
    near, far = socket.socketpair()
    with near, far:
        sender = threading.Thread(target=send)
        sender.start()

        assert play(program) == (b"x", 0.0)
        sender.join()


def _kernel_tells_where_a_thread_waits():
    for place in Path("/proc").glob("[0-9]*/wchan"):
        with contextlib.suppress(OSError):  # it may be gone
            if place.read_text() not in ("", "0"):
                return True
    return False


@pytest.mark.skipif(
    not _kernel_tells_where_a_thread_waits(), reason="NOT TESTED: here nobody tells where a thread waits"
)
def test_two_waits_of_a_thread_are_told_apart_although_nobody_looked_in_between():
    def spot_at(line):
        found = None
        while not found or line != line_of_the_thread():
            os.sched_yield()
            with contextlib.suppress(OSError):  # nothing told yet, and the thread is about to sleep
                found = executors._system_spot(thread.native_id)
        return found

    def line_of_the_thread():
        frame = sys._current_frames()[thread.ident]
        return frame.f_lineno - frame.f_code.co_firstlineno

    def wait_twice():
        with first:
            pass
        with second:
            pass

    first, second = threading.Lock(), threading.Lock()
    with second:
        with first:
            thread = threading.Thread(target=wait_twice)
            thread.start()
            before, again = spot_at(1), spot_at(1)
        after = spot_at(3)
    thread.join()

    assert before == again != after


def test_a_thread_can_wait_for_a_coroutine():
    async def program():
        loop = asyncio.get_running_loop()
        return await asyncio.to_thread(
            lambda: asyncio.run_coroutine_threadsafe(asyncio.sleep(1, "slept"), loop).result()
        )

    assert play(program) == ("slept", 1.0)


def test_a_blocked_loop_does_not_wait_for_a_thread_that_waits_for_the_loop():
    async def program():
        event = threading.Event()
        waiting = asyncio.create_task(asyncio.to_thread(event.wait))
        await asyncio.sleep(0)
        time.sleep(1)
        event.set()
        return await waiting

    assert play(program) == (True, 1.0)


def test_a_thread_that_waits_for_nobody_is_no_deadlock_but_ends_the_run(monkeypatch):
    async def program():
        await asyncio.to_thread(event.wait)

    event = threading.Event()
    monkeypatch.setattr("grader.checks.runner.STILL_LIMIT", 0.3)
    outcome = run_virtual(program)
    event.set()

    assert outcome.error.startswith("TooLong: demasiado largo en t = 0 s: tras 0.3 s de espera real")
    assert "main en to_thread" in outcome.error


@pytest.mark.skipif(not stopwatch.EXACT, reason="NOT TESTED: here nobody tells whether a thread is ready")
def test_a_thread_that_was_woken_and_has_no_processor_yet_holds_the_clock(monkeypatch):
    """It stands where it waited: only the system knows that what it waited for has come."""

    async def program():
        event = threading.Event()
        waiting = asyncio.create_task(asyncio.to_thread(event.wait))
        await asyncio.sleep(0)
        while looks.count(True) < 3:  # the thread is ready, says the system, and does not move on
            await asyncio.sleep(1)
        event.set()
        await waiting
        return asyncio.get_running_loop().time()

    def is_ready(thread):
        looks.append(len(looks) < 3)
        return looks[-1]

    looks = []
    monkeypatch.setattr("grader.loop.executors.is_ready", is_ready)

    assert play(program)[0] == 1.0


def test_a_thread_at_work_may_be_polled_for_ever():
    async def program():
        gate = threading.Event()
        waiting = asyncio.get_running_loop().run_in_executor(None, gate.wait)
        for _ in range(1000):
            await asyncio.sleep(0)
        gate.set()
        return await waiting

    assert play(program, max_steps=100) == (True, 0.0)
