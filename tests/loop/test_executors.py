"""Executor calls that fail, are refused or cancelled, or outlive their loop, as far as the virtual clock goes."""

import asyncio
import concurrent.futures
import threading
import time

import pytest
from virtual import play, virtual_loop


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
