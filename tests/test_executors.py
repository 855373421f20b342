"""Executor calls that fail, are refused or cancelled, or outlive their loop, as far as the virtual clock goes."""

import asyncio
import concurrent.futures
import time

import pytest
from virtual import play, virtual_loop

from grader import timers


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

    monkeypatch.setattr(timers, "_IO_GRACE", 0)

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
