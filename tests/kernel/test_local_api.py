"""A real server on loopback answers as its pages promise, tells what it saw, and stops whatever happens."""

import asyncio
import contextlib
import socket
import subprocess
import sys
import threading

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from grader import local_api
from grader.kernel import local_api as server

pytestmark = pytest.mark.real_server
HANG = 120  # seconds until a program that should have ended is given up


@pytest.fixture(scope="module")
def client():
    with httpx.Client(trust_env=False) as client:  # one: making a TLS context takes longer than all requests
        yield client


def codes(client, api, page, times=1):
    return [client.get(f"{api.url}{page}").status_code for _ in range(times)]


def test_users_and_their_posts_are_json(client):
    with local_api() as api:
        user = client.get(f"{api.url}/users/7?delay=0").json()
        posts = client.get(f"{api.url}/users/7/posts?delay=0").json()

    assert user == {"id": 7, "name": "User 7"}
    assert posts[0] == {"id": 71, "user": 7, "title": "Post 1"}


def test_a_flaky_page_fails_as_often_as_told_for_each_key(client):
    with local_api() as api:
        assert codes(client, api, "/flaky/a?fails=2", 4) == [503, 503, 200, 200]
        assert codes(client, api, "/flaky/b?fails=0") == [200]


def test_a_limited_page_refuses_what_is_above_the_rate(client):
    with local_api(rate=0.001, burst=3) as api:
        assert codes(client, api, "/limited", 5) == [200, 200, 200, 429, 429]


def test_a_limited_page_goes_by_the_clock_of_a_client_that_tells_it(client):
    with local_api(rate=10, burst=2) as api:
        told = [codes(client, api, f"/limited?sent={sent}")[0] for sent in (1000, 1000, 1000, 1000.1, 1000.1)]

    assert told == [200, 200, 429, 200, 429]


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("/status/404", 404),
        ("/status/204", 204),
        ("/status/999", 400),
        ("/slow?seconds=x", 400),
        ("/none", 404),
    ],
)
def test_a_page_answers_with_its_status(client, page, code):
    with local_api() as api:
        assert codes(client, api, page) == [code]
        assert [(hit.path, hit.status) for hit in api.hits] == [(page.partition("?")[0], code)]


def test_redirects_end_where_they_should_and_a_loop_never(client):
    with local_api() as api:
        assert client.get(f"{api.url}/redirect/3", follow_redirects=True).json()["id"] == 1
        with pytest.raises(httpx.TooManyRedirects):
            client.get(f"{api.url}/loop", follow_redirects=True)


def test_a_dead_page_drops_the_connection_and_the_server_lives_on(client):
    with local_api() as api:
        with pytest.raises(httpx.RemoteProtocolError):
            client.get(f"{api.url}/dead")
        assert codes(client, api, "/users/1?delay=0") == [200]


def test_a_limited_page_never_refuses_who_is_late_and_says_when_it_began(client):
    """Two at once and ten a second: seven fit until 0.5 s, though four of them could have come before."""
    sent = (1000, 1000, 1000.1, 1000.5, 1000.5, 1000.5, 1000.5, 1000.5)
    with local_api(rate=10, burst=2) as api:
        told = [codes(client, api, f"/limited?sent={at}&since=1000")[0] for at in sent]

    assert told == [200, 200, 200, 200, 200, 200, 200, 429]


def test_events_come_as_server_sent_events(client):
    with local_api() as api, client.stream("GET", f"{api.url}/events?n=2&every=0") as response:
        lines = list(response.iter_lines())

    assert response.headers["content-type"].startswith("text/event-stream")
    assert lines == ["id: 0", "event: tick", "data: 0", "", "id: 1", "event: tick", "data: 1", ""]


def test_the_log_tells_concurrency_and_connections_as_the_server_saw_them():
    async def fetch(api):
        async with httpx.AsyncClient(limits=httpx.Limits(max_connections=2), trust_env=False) as client:
            await asyncio.gather(*(client.get(f"{api.url}/users/{i}") for i in range(6)))

    with local_api() as api:
        asyncio.run(fetch(api))

        assert (api.peak, api.connections, api.busiest(60)) == (2, 2, 6)
        assert sorted(hit.path for hit in api.hits) == [f"/users/{i}" for i in range(6)]


def test_an_application_of_ones_own_is_served_and_logged_too(client):
    app = Starlette(routes=[Route("/hola", lambda request: PlainTextResponse("hola"))])

    with local_api(app) as api:
        assert client.get(f"{api.url}/hola").text == "hola"
        assert [hit.path for hit in api.hits] == ["/hola"]


async def hang(api, seen):
    async with httpx.AsyncClient(timeout=None, trust_env=False) as client:
        request = asyncio.create_task(client.get(f"{api.url}/hang"))
        while not api.hits:  # a handshake: the server has it
            await asyncio.sleep(0)
        seen.append(request)
        raise KeyboardInterrupt


def test_the_server_ends_with_its_block_also_when_that_is_interrupted_in_mid_request():
    seen = []

    with pytest.raises(KeyboardInterrupt), local_api() as api:
        asyncio.run(hang(api, seen))

    assert seen
    assert "local_api" not in {thread.name for thread in threading.enumerate()}


def test_a_server_whose_own_code_blocks_it_does_not_hold_up_the_student():
    async def blocks(request):
        held.set()
        gate.wait()
        return PlainTextResponse("tarde")

    held, gate = threading.Event(), threading.Event()
    with local_api(Starlette(routes=[Route("/", blocks)])) as api:
        asking = threading.Thread(target=httpx.get, args=(api.url,), kwargs={"timeout": None})
        asking.start()
        held.wait()

    assert not gate.is_set()  # the block has ended, and the server is still inside its handler
    assert server._STOP < 1
    gate.set()
    asking.join()


def test_an_error_in_the_application_ends_neither_the_server_nor_the_connection(client, capfd):
    async def fails(request):
        raise LookupError("sin usuario")

    with local_api(Starlette(routes=[Route("/", fails)])) as api:
        assert codes(client, api, "/", 3) == [500] * 3
        assert api.connections == 1  # nor the connection, on which the next request may be under way

    assert "local_api" not in {thread.name for thread in threading.enumerate()}
    assert capfd.readouterr() == ("", "")


INTERRUPTED = """
import _thread, signal, threading
from grader.kernel import local_api

signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where a shell runs us in the background

class Starting(local_api._Serving):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.started, self.waits = threading.Event(), threading.Event()
        self.started.wait, self.wait = self.await_start, self.started.wait

    def await_start(self, timeout):
        self.waits.set()
        return self.wait(timeout)

    def run(self):
        self.waits.wait()
        _thread.interrupt_main()  # the student's stop button, while `with` waits; as on Windows it ends no wait
        self.over.wait()

    def stop(self):
        self.over.set()

Starting.over, local_api._START = threading.Event(), 3600.0
local_api._Serving = Starting
try:
    with local_api.local_api():
        print("begun")
except KeyboardInterrupt:
    print([thread.name for thread in threading.enumerate()])
"""


def test_an_interrupt_while_the_server_starts_leaves_no_server_behind():
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, check=True, timeout=HANG
    )

    assert (done.stdout, done.stderr) == ("['MainThread']\n", "")


def test_an_answer_does_not_wait_for_the_acknowledgement_of_the_one_before():
    async def options():
        accepted = asyncio.get_running_loop().create_future()

        async def note(reader, writer):
            connection = writer.get_extra_info("socket")
            accepted.set_result(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()  # Python 3.12 waits for it at the end of the block

        async with await asyncio.start_server(note, sock=server._listen(0)) as started:
            _, writer = await asyncio.open_connection(*started.sockets[0].getsockname())
            with contextlib.closing(writer):
                return await accepted

    assert asyncio.run(options()) != 0


def test_after_the_block_nobody_answers(client):
    with local_api() as api:
        pass

    with pytest.raises(httpx.ConnectError):
        client.get(f"{api.url}/users/1")


def test_a_port_that_is_taken_is_said_in_one_line():
    with local_api() as api:
        port = int(api.url.rpartition(":")[2])

        with (
            pytest.raises(OSError, match=f"^el puerto {port} está ocupado: usa local_api"),
            local_api(port=port),
        ):
            pass
