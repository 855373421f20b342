"""Waits for what is outside the loop, threads and sockets, are told as such."""

import asyncio
import concurrent.futures
import contextlib
import socket

import anyio
import pytest

from grader.loop.awaits import describe


def in_a_thread(program):
    """What describe says of a program that waits for a thread on a real loop, until the thread is let go."""

    async def look():
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            release = concurrent.futures.Future()
            task = asyncio.create_task(program(pool, release.result))
            for _ in range(3):
                await asyncio.sleep(0)
            seen = describe(task)
            release.set_result(None)
            await task
        return seen

    return asyncio.run(look())


def test_to_thread_is_a_thread():
    seen = in_a_thread(lambda pool, work: asyncio.to_thread(work))

    assert (seen.kind, seen.what) == ("thread", "to_thread")


def test_run_in_executor_is_a_thread():
    async def program(pool, work):
        await asyncio.get_running_loop().run_in_executor(pool, work)

    seen = in_a_thread(program)

    assert (seen.kind, seen.what) == ("thread", "run_in_executor")


@contextlib.contextmanager
def silent_server():
    """A server on loopback that accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()


@contextlib.asynccontextmanager
async def stream(address):
    reader, writer = await asyncio.open_connection(*address)
    yield reader.readline
    writer.close()
    await writer.wait_closed()


@contextlib.asynccontextmanager
async def plain_socket(address):
    with socket.create_connection(address) as client:
        client.setblocking(False)
        yield lambda: asyncio.get_running_loop().sock_recv(client, 1)


@contextlib.asynccontextmanager
async def anyio_stream(address):
    async with await anyio.connect_tcp(*address) as client:
        yield client.receive


@pytest.mark.parametrize("connect", [stream, plain_socket, anyio_stream])
def test_reading_from_a_socket_is_told_as_such(connect):
    async def look(address):
        async with connect(address) as receive:
            task = asyncio.create_task(receive())
            for _ in range(3):
                await asyncio.sleep(0)
            seen = describe(task)
            task.cancel()
            await asyncio.wait([task])
        return seen

    with silent_server() as address:
        assert asyncio.run(look(address))[:2] == ("io", "socket")
