"""Real processes, sockets and foreign threads: the clock stands still or gives them their chance."""

import asyncio
import concurrent.futures
import multiprocessing
import os
import socket
import threading
import time

import pytest
from virtual import play, stick

from grader.loop import stopwatch
from grader.loop.stuck import Deadlock


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

    monkeypatch.setattr(
        "grader.loop.virtual_loop._IO_GRACE", 5
    )  # as long as a busy machine may need; an answer ends it
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

    monkeypatch.setattr("grader.loop.virtual_loop._IO_GRACE", 5)

    assert play(program) == (499_999_500_000, 0.0)


@pytest.mark.skipif(not stopwatch.EXACT, reason="NOT TESTED: here nobody tells whether a thread is ready")
def test_a_foreign_thread_that_gets_no_processor_is_waited_for(monkeypatch):
    go_on, looks = threading.Event(), []

    def read(pids):
        looks.append(pids)
        if len(looks) == 20:
            go_on.set()
        return {(0, 0): stopwatch.Thread("R", 0.0, 0.0)}

    def work(future):
        go_on.wait()
        future.get_loop().call_soon_threadsafe(future.set_result, "done")

    async def program():
        future = asyncio.get_running_loop().create_future()
        threading.Thread(target=work, args=(future,)).start()
        return await future

    monkeypatch.setattr("grader.loop.stopwatch.threads", read)

    assert play(program) == ("done", 0.0)


def test_a_socket_that_stays_silent_does_not_hide_a_deadlock():
    async def program():
        left, right = socket.socketpair()
        with left, right:
            right.setblocking(False)
            await asyncio.get_running_loop().sock_recv(right, 1)

    assert stick(Deadlock, program).tasks[0]["what"] == "socket"
