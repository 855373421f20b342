"""Executor calls that fail, are refused or cancelled, or outlive their loop, as far as the virtual clock goes."""

import asyncio
import concurrent.futures
import multiprocessing
import os
import queue
import socket
import threading
import time

import anyio.to_thread
import pytest
from virtual import play, virtual_loop

from grader.loop import executors, patched_time


def test_the_error_of_a_call_comes_out():
    async def program():
        await asyncio.to_thread(int, "x")

    with virtual_loop() as loop, pytest.raises(ValueError, match="invalid literal"):
        loop.run_until_complete(program())


def test_a_call_that_an_executor_refuses_does_not_hold_the_clock():
    async def program():
        pool = concurrent.futures.ThreadPoolExecutor(1)
        pool.shutdown()
        with pytest.raises(RuntimeError, match="after shutdown"):
            asyncio.get_running_loop().run_in_executor(pool, int)
        await asyncio.sleep(1)

    assert play(program) == (None, 1.0)


def test_a_call_cancelled_before_it_starts_does_not_hold_the_clock():
    async def program():
        loop = asyncio.get_running_loop()
        first, second = (loop.run_in_executor(pool, time.sleep, 1) for _ in range(2))
        second.cancel()
        await first

    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        assert play(program) == (None, 1.0)


def test_the_default_executor_is_joined_in_virtual_time(monkeypatch):
    async def program():
        asyncio.get_running_loop().run_in_executor(None, time.sleep, 5)
        await asyncio.get_running_loop().shutdown_default_executor()

    monkeypatch.setattr("grader.loop.virtual_loop._IO_GRACE", 0)

    assert play(program) == (None, 5.0)


def test_after_its_end_the_default_executor_refuses_calls_as_in_asyncio():
    async def program():
        loop = asyncio.get_running_loop()
        await loop.shutdown_default_executor()
        with pytest.raises(RuntimeError, match="Executor shutdown has been called"):
            loop.run_in_executor(None, int)

    play(program)


def test_a_thread_that_sleeps_when_the_loop_is_closed_ends():
    async def program():
        asyncio.get_running_loop().run_in_executor(pool, job)
        await asyncio.sleep(1)

    def job():
        try:
            time.sleep(1000)
            ended.append("slept to the end")
        finally:
            ended.append("ended")

    pool, ended = concurrent.futures.ThreadPoolExecutor(1), []
    play(program)
    pool.shutdown(wait=True)

    assert ended == ["ended"]


async def unequal_calls(pool, order):
    """Calls of several lengths, of several tasks, beside a task that only yields."""

    async def ask(name, lengths):
        for length in lengths:
            await loop.run_in_executor(pool, sum, range(length))
            order.append((name, length))

    async def tick():
        for _ in range(8):
            await asyncio.sleep(0)
            order.append("tick")

    loop = asyncio.get_running_loop()
    await asyncio.gather(ask("a", [30_000, 1]), ask("b", [1, 2]), tick(), ask("c", [300, 3]))


@pytest.mark.parametrize("made", ["before", "within"])
def test_outcomes_arrive_in_the_same_order_in_every_run(made):
    """Fresh threads end before `submit` returns, threads that are there race each other."""
    ready, orders = concurrent.futures.ThreadPoolExecutor(8), set()
    list(ready.map(int, range(100)))
    for _ in range(200):
        order = []
        if made == "before":
            play(unequal_calls, ready, order)
        else:
            with concurrent.futures.ThreadPoolExecutor(8) as fresh:
                play(unequal_calls, fresh, order)
        orders.add(tuple(order))
    ready.shutdown()

    first, second = [("a", 30_000), ("b", 1), ("c", 300)], [("a", 1), ("b", 2), ("c", 3)]
    assert orders == {("tick",) * 8 + (*first, *second)}


def test_an_outcome_comes_although_another_call_works_until_it_has_been_seen():
    async def program():
        loop = asyncio.get_running_loop()
        spinning = loop.run_in_executor(None, spin)
        first = await loop.run_in_executor(None, int, 7)
        seen.set()
        return first, await spinning

    def spin():
        while not seen.is_set():
            pass
        return "spun"

    seen = threading.Event()
    try:
        assert play(program) == ((7, "spun"), 0.0)
    finally:
        seen.set()


def test_an_outcome_can_be_polled_for():
    async def program():
        future = asyncio.get_running_loop().run_in_executor(None, int, 7)
        while not future.done():
            await asyncio.sleep(0)
        return await future

    assert play(program) == (7, 0.0)


def test_the_outcomes_are_there_when_the_default_executor_has_been_shut_down():
    async def program():
        loop = asyncio.get_running_loop()
        futures = [loop.run_in_executor(None, int, number) for number in range(20)]
        await loop.shutdown_default_executor()
        return all(future.done() for future in futures)

    assert play(program) == (True, 0.0)


def test_a_cancelled_wait_for_a_call_is_told_nothing():
    async def program():
        future = asyncio.get_running_loop().run_in_executor(None, time.sleep, 1)
        await asyncio.sleep(0)
        future.cancel()
        await asyncio.sleep(2)
        return future.cancelled()

    assert play(program) == (True, 2.0)


def own_thread(job):
    loop = asyncio.get_running_loop()
    future = loop.create_future()

    def run():
        loop.call_soon_threadsafe(future.set_result, job())

    threading.Thread(target=run).start()
    return future


class Worker(threading.Thread):
    def __init__(self, job):
        super().__init__()
        self.job, self.loop = job, asyncio.get_running_loop()
        self.future = self.loop.create_future()

    def run(self):
        self.loop.call_soon_threadsafe(self.future.set_result, self.job())


def own_class(job):
    worker = Worker(job)
    worker.start()
    return worker.future


def own_pool(job):
    pool = concurrent.futures.ThreadPoolExecutor(1)
    call = pool.submit(job)
    pool.shutdown(wait=False)
    return asyncio.wrap_future(call)


def map_of_own_pool(job):
    pool = concurrent.futures.ThreadPoolExecutor(1)
    return asyncio.to_thread(lambda: next(pool.map(lambda _: job(), "x")))


def thread_pool_of_starlette(job):
    return anyio.to_thread.run_sync(job)


OWN = [own_thread, own_class, own_pool, map_of_own_pool, thread_pool_of_starlette]


@pytest.mark.parametrize("start", OWN)
def test_work_that_was_not_given_to_the_loop_sleeps_in_virtual_time(start):
    async def program():
        task = asyncio.ensure_future(start(job))
        await asyncio.sleep(1)
        seen.append("task")
        return await task

    def job():
        for _ in range(2):
            time.sleep(1.5)
            seen.append(time.monotonic())
        return "done"

    seen = []

    assert (play(program), seen) == (("done", 3.0), ["task", 1.5, 3.0])


@pytest.mark.parametrize("start", OWN)
def test_the_clock_stands_still_while_work_that_was_not_given_to_the_loop_goes_on(start):
    async def program():
        async with asyncio.timeout(0.001):
            return await start(lambda: sum(range(1_000_000)))

    assert play(program) == (499_999_500_000, 0.0)


@pytest.mark.parametrize("start", OWN)
def test_work_that_was_not_given_to_the_loop_ends_when_the_loop_is_closed(start):
    async def program():
        asyncio.ensure_future(start(job))
        await asyncio.sleep(1)

    def job():
        try:
            time.sleep(1000)
        finally:
            ended.set()

    ended = threading.Event()
    play(program)

    assert ended.wait(10)


def test_the_clock_stands_still_until_the_last_callback_of_a_call_has_woken_the_loop():
    async def program(pool):
        loop, told = asyncio.get_running_loop(), asyncio.Event()

        def tell(call):
            sum(range(1_000_000))
            loop.call_soon_threadsafe(told.set)

        call = pool.submit(begin.wait)
        call.add_done_callback(tell)
        begin.set()
        async with asyncio.timeout(0.001):
            await told.wait()
        return call.result()

    begin = threading.Event()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        assert play(program, pool) == (True, 0.0)


def test_a_call_of_an_own_pool_cancelled_before_it_starts_does_not_hold_the_clock():
    async def program():
        first, second = (asyncio.wrap_future(pool.submit(time.sleep, 1)) for _ in range(2))
        second.cancel()
        await first
        await asyncio.sleep(1)

    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        assert play(program) == (None, 2.0)


def test_an_own_pool_gets_the_arguments_by_name():
    async def program():
        return await asyncio.wrap_future(pool.submit(int, "101", base=2))

    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        assert play(program) == (5, 0.0)


def test_a_process_pool_that_stays_open_holds_the_clock_only_while_it_works():
    async def program():
        async with asyncio.timeout(0.001):
            result = await asyncio.wrap_future(pool.submit(abs, -7))
        for _ in range(100):
            await asyncio.sleep(1)
        return result

    with concurrent.futures.ProcessPoolExecutor(1) as pool:
        assert play(program) == (7, 100.0)


@pytest.mark.parametrize("start", [own_pool, own_thread])
def test_the_error_of_an_own_thread_does_not_hold_the_clock(start, monkeypatch):
    async def program():
        start(lambda: 1 / 0)
        await asyncio.sleep(1)

    monkeypatch.setattr(threading, "excepthook", lambda args: heard.append(args.exc_type))
    heard = []

    assert play(program) == (None, 1.0)
    assert heard == [ZeroDivisionError] * (start is own_thread)


def test_a_thread_that_cannot_start_does_not_hold_the_clock():
    async def program():
        thread = threading.Thread(target=int)
        thread.start()
        with pytest.raises(RuntimeError, match="only be started once"):
            thread.start()
        await asyncio.sleep(1)

    assert play(program) == (None, 1.0)


def test_the_thread_of_a_thread_counts_and_who_joins_it_is_woken_before_the_clock_moves():
    async def program():
        async with asyncio.timeout(1.001):
            return await own_thread(outer)

    def outer():
        inner = threading.Thread(target=time.sleep, args=[1])
        inner.start()
        inner.join()
        return sum(range(1_000_000))

    assert play(program) == (499_999_500_000, 1.0)


def serve(near):
    near.recv(1)


def wait_for_work(work):
    work.get()


@pytest.mark.parametrize("kind", ["socket", "queue", "simple queue", "pool"])
def test_a_thread_that_idles_for_the_whole_run_is_looked_at_twice_and_then_let_be(kind, monkeypatch):
    async def program():
        if kind == "pool":
            await anyio.to_thread.run_sync(int)
        else:
            threading.Thread(target=target, args=[thing], daemon=True).start()
        for _ in range(1000):
            await asyncio.sleep(1)
        return len(looks)

    def moved_on(workers):
        looks.append(workers)
        return again(workers)

    near, far = socket.socketpair()
    target, thing = {
        "socket": (serve, near),
        "queue": (wait_for_work, queue.Queue()),
        "simple queue": (wait_for_work, queue.SimpleQueue()),
    }.get(kind, (None, None))
    looks, again = [], executors.Workers.moved_on
    monkeypatch.setattr(executors.Workers, "moved_on", moved_on)
    with near, far:
        seen, elapsed = play(program)
        far.send(b"x")

    assert (0 < seen < 10, elapsed) == (True, 1000.0)


def test_a_thread_that_idles_and_gets_work_holds_the_clock_again():
    async def program():
        loop, work, done = asyncio.get_running_loop(), queue.SimpleQueue(), queue.SimpleQueue()

        def run():
            while number := work.get():
                loop.call_soon_threadsafe(done.put, sum(range(number)))

        threading.Thread(target=run, daemon=True).start()
        for _ in range(20):
            await asyncio.sleep(0.001)  # now it is known to idle
            work.put(100_000)
            await asyncio.sleep(0.001)
            done.get_nowait()
        work.put(0)

    assert play(program)[0] is None


def test_what_other_threads_start_while_a_run_goes_on_is_not_its_own():
    async def program():
        begin.set()
        await asyncio.to_thread(outsider.join)

    def start():
        begin.wait()
        inner = threading.Thread(target=lambda: clocks.append(patched_time._here.clock))
        inner.start()
        inner.join()

    begin, clocks = threading.Event(), []
    outsider = threading.Thread(target=start)
    outsider.start()
    play(program)

    assert clocks == [None]


def test_a_thread_that_a_library_starts_for_its_pool_is_not_counted():
    async def program():
        namespace["start"](thread)
        await asyncio.to_thread(thread.join)

    namespace, clocks = {"__name__": "multiprocessing.pool"}, []
    exec("def start(thread): thread.start()", namespace)
    thread = threading.Thread(target=lambda: clocks.append(patched_time._here.clock))
    play(program)

    assert clocks == [None]


def test_what_a_run_watches_is_put_back_after_the_last_of_several_runs():
    async def program():
        patched.append(threading.Thread.start)
        await asyncio.to_thread(play, inner)
        patched.append(threading.Thread.start)

    async def inner():
        patched.append(threading.Thread.start)

    before, patched = (threading.Thread.start, concurrent.futures.ThreadPoolExecutor.submit), []
    play(program)

    assert (threading.Thread.start, concurrent.futures.ThreadPoolExecutor.submit) == before
    assert len(set(patched)) == 1
    assert before[0] not in patched


@pytest.mark.skipif(not hasattr(os, "fork"), reason="NOT TESTED: no fork here")
def test_a_process_forked_inside_a_run_starts_threads_in_real_time():
    async def program():
        child = multiprocessing.get_context("fork").Process(target=nap)
        child.start()
        child.join()
        return child.exitcode

    def nap():
        thread = threading.Thread(target=time.sleep, args=[0.01])
        thread.start()
        thread.join()

    assert play(program)[0] == 0
