"""Real work in threads, processes and sockets holds the clock; the sleep of a worker thread is virtual."""

import asyncio
import concurrent.futures
import multiprocessing
import opcode
import os
import socket
import sys
import threading
import time

import pytest
from virtual import play, stick, virtual_loop

from grader import timers
from grader.clock import Deadlock, TooLong


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


def test_a_thread_can_wait_for_a_lock_whose_owner_sleeps():
    def job():
        with lock:
            time.sleep(1)

    async def program():
        await asyncio.gather(asyncio.to_thread(job), asyncio.to_thread(job))

    lock = threading.Lock()

    assert play(program) == (None, 2.0)


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


def test_a_thread_that_waits_for_nobody_is_no_deadlock_but_ends_at_the_wall_limit():
    async def program():
        await asyncio.to_thread(event.wait)

    event = threading.Event()
    error = stick(TooLong, program, wall_limit=0.3)
    event.set()

    assert error.tasks[0]["what"] == "to_thread"


def test_a_thread_at_work_may_be_polled_for_ever():
    async def program():
        gate = threading.Event()
        waiting = asyncio.get_running_loop().run_in_executor(None, gate.wait)
        for _ in range(1000):
            await asyncio.sleep(0)
        gate.set()
        return await waiting

    assert play(program, max_steps=100) == (True, 0.0)


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


def time_in_this_process():
    return type(time.sleep).__name__, os.getpid()


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_a_process_holds_the_clock_and_has_real_time_in_it():
    async def program():
        async with asyncio.timeout(0.001):
            return await asyncio.get_running_loop().run_in_executor(pool, time_in_this_process)

    context = multiprocessing.get_context("fork")
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=context) as pool:
        (kind, pid), elapsed = play(program)

    assert (kind, pid != os.getpid(), elapsed) == ("builtin_function_or_method", True, 0.0)


# --- sockets ---


async def serve_slowly(reader, writer):
    await reader.readline()
    await asyncio.sleep(1)
    writer.write(b"done\n")
    await writer.drain()
    writer.close()


async def ask(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"please\n")
    answer = await reader.readline()
    writer.close()
    return answer


def test_twenty_clients_of_a_server_in_the_same_loop_take_exactly_its_second():
    async def program():
        async with await asyncio.start_server(serve_slowly, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            return await asyncio.gather(*(ask(port) for _ in range(20)))

    assert play(program) == ([b"done\n"] * 20, 1.0)


def test_a_server_in_another_thread_gets_its_chance_before_the_clock_jumps(monkeypatch):
    def serve():
        connection, _ = listener.accept()
        with connection:
            connection.recv(100)
            sum(range(1_000_000))  # takes real time
            connection.sendall(b"done\n")

    async def program():
        async with asyncio.timeout(1):
            return await ask(listener.getsockname()[1])

    monkeypatch.setattr(timers, "_IO_GRACE", 5)  # as long as a busy machine may need; an answer ends it
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve).start()

        assert play(program) == (b"done\n", 0.0)


def test_any_number_of_messages_may_pass_at_one_instant():
    async def program():
        loop, (left, right) = asyncio.get_running_loop(), socket.socketpair()
        with left, right:
            left.setblocking(False)
            right.setblocking(False)
            for _ in range(300):
                receiving = asyncio.ensure_future(loop.sock_recv(right, 1))
                await asyncio.sleep(0)
                await loop.sock_sendall(left, b"x")
                await receiving

    assert play(program, max_steps=100) == (None, 0.0)


def test_a_foreign_thread_gets_its_chance_before_a_deadlock_is_declared(monkeypatch):
    def work(future):
        result = sum(range(1_000_000))
        future.get_loop().call_soon_threadsafe(future.set_result, result)

    async def program():
        future = asyncio.get_running_loop().create_future()
        threading.Thread(target=work, args=(future,)).start()
        return await future

    monkeypatch.setattr(timers, "_IO_GRACE", 5)

    assert play(program) == (499_999_500_000, 0.0)


def test_a_socket_that_stays_silent_does_not_hide_a_deadlock():
    async def program():
        left, right = socket.socketpair()
        with left, right:
            right.setblocking(False)
            await asyncio.get_running_loop().sock_recv(right, 1)

    assert stick(Deadlock, program).tasks[0]["what"] == "socket"


# --- private names of the standard library; a new Python that lacks one fails here ---


def test_a_thread_pool_still_tells_its_size():
    assert concurrent.futures.ThreadPoolExecutor(3)._max_workers == 3


def test_a_condition_still_waits_for_a_lock_called_waiter():
    assert "waiter" in threading.Condition.wait.__code__.co_varnames


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="3.14 enters a `with` by other instructions")
def test_a_with_block_is_still_entered_by_one_instruction():
    assert "BEFORE_WITH" in opcode.opmap
