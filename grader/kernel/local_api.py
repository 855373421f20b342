"""local_api: a real HTTP server on loopback, in a thread of its own, with a log of what it saw."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any

from grader.checks.service import peak
from grader.loop.stopwatch import patience

_START = 20.0  # seconds after which a server that does not start is given up
_SLICE = 0.1  # seconds of one wait: on Windows none can be interrupted
_STOP = 0.8  # seconds after which one whose own code does not let it stop is left behind, a daemon thread


@dataclass(frozen=True)
class Hit:
    """One request as the server saw it: instants in seconds since it started; `end` is None while it runs.

    connection: a number per TCP connection; status: None if no answer was begun.
    """

    path: str
    connection: int
    start: float
    end: float | None = None
    status: int | None = None


class LocalApi:
    """A server that runs inside `with`; `url` is its address, `hits` what it has seen so far."""

    def __init__(self, app: Any, rate: float, burst: int, port: int) -> None:
        self._app, self._rate, self._burst, self._port = app, rate, burst, port
        self._hits: list[Hit] = []
        self._connections: dict[tuple[str, int], int] = {}
        self._flaky: dict[str, int] = {}
        self._full_at = 0.0  # of the bucket of /limited: when it will be full again
        self._thread: threading.Thread | None = None
        self.url = ""

    def __enter__(self) -> LocalApi:
        import uvicorn  # takes a third of a second

        from grader.kernel.local_pages import application

        if self._thread is not None:
            raise RuntimeError("este servidor ya está en marcha: crea otro con local_api()")
        try:
            listener = _listen(self._port)
        except OSError:
            raise OSError(
                f"el puerto {self._port} está ocupado: usa local_api(), que elige uno libre"
            ) from None
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._began = time.monotonic()
        app = self._app or application(self.fails_again, self.admits)
        config = uvicorn.Config(self._logged(app), log_config=None, log_level="critical", lifespan="off")
        config.timeout_graceful_shutdown = 0
        config.timeout_keep_alive = 60  # a client that a busy machine keeps waiting finds its connection
        self._start(_Serving(uvicorn.Server(config), listener))
        return self

    def _start(self, serving: _Serving) -> None:
        self._serving = serving
        self._thread = threading.Thread(target=serving.run, name="local_api", daemon=True)
        try:
            self._thread.start()
            in_time = any(serving.started.wait(_SLICE) for _ in patience(_START))
        except BaseException:  # an interrupt: `with` has not begun, so nobody else would stop it
            self._stop()
            raise
        if not in_time:
            self._stop()
            raise RuntimeError(
                f"el servidor no arranca en {_START:g} s: cierra otros programas y repite la celda"
            )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _stop(self) -> None:
        if self._thread is not None:
            self._serving.stop()
            self._thread.join(_STOP)

    @property
    def hits(self) -> list[Hit]:
        """The requests so far, in the order in which they came."""
        return list(self._hits)

    @property
    def peak(self) -> int:
        """The highest number of requests in work at once."""
        return peak(self.hits)

    @property
    def connections(self) -> int:
        """How many TCP connections carried requests."""
        return len(self._connections)

    def busiest(self, window: float = 1.0) -> int:
        """Return the highest number of requests that came within `window` seconds."""
        starts = sorted(hit.start for hit in self.hits)
        return max((sum(at <= start < at + window for start in starts) for at in starts), default=0)

    def _now(self) -> float:
        return time.monotonic() - self._began

    def _logged(self, app: Any) -> Any:
        async def logged(scope: Any, receive: Any, send: Callable[[Any], Awaitable[None]]) -> None:
            client = tuple(scope["client"])
            connection = self._connections.setdefault(client, len(self._connections) + 1)
            number = len(self._hits)
            self._hits.append(Hit(scope["path"], connection, self._now()))

            def note(status: int) -> None:
                self._hits[number] = replace(self._hits[number], status=status)

            try:
                await _answer(app, scope, receive, send, note)
            finally:
                self._hits[number] = replace(self._hits[number], end=self._now())

        return logged

    def fails_again(self, key: str, fails: int) -> bool:
        """Tell whether the flaky page `key` fails once more."""
        self._flaky[key] = self._flaky.get(key, 0) + 1
        return self._flaky[key] <= fails

    def admits(self, sent: float | None = None, since: float | None = None) -> bool:
        """Take a token of /limited, if there is one, at the instant at which the client says it has sent.

        since: when the client began, by its own clock; then tokens of a pause are kept, however long it was.
        """
        now = self._now() if sent is None else sent
        full_at = max(self._full_at, now if since is None else since) + 1 / self._rate
        if full_at - now > self._burst / self._rate + 1e-9:
            return False
        self._full_at = full_at
        return True


def local_api(app: Any = None, *, rate: float = 10, burst: int = 5, port: int = 0) -> LocalApi:
    """Devuelve un servidor HTTP real en tu máquina; dentro de `with local_api() as api:` está en `api.url`.

    app: una aplicación ASGI (FastAPI, Starlette) que se sirve en lugar de las páginas del curso.
    rate, burst: cuántas peticiones por segundo admite /limited, y cuántas de golpe.
    port: 0 elige uno libre. Si el puerto está ocupado, lanza OSError.

    Páginas: /users/1 y /users/1/posts (ambas con ?delay=segundos), /slow?seconds=1, /flaky/clave?fails=2 (503
    dos veces, después 200), /limited (429 por encima del ritmo; con ?sent=segundos cuenta el reloj del
    cliente, y con &since=segundos lo que pudo enviar desde entonces), /events?n=5&every=0.05 (Server-Sent
    Events), /status/404, /redirect/2, /loop (redirige sin fin), /hang (no contesta nunca) y /dead (corta la
    conexión a media respuesta).
    """
    return LocalApi(app, rate, burst, port)


def _listen(port: int) -> socket.socket:
    # As socket.create_server, but the protocol is named: where it is 0, asyncio leaves Nagle's algorithm on
    # (base_events.py, _set_nodelay), and each answer on a connection used before comes 40 ms late.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # elsewhere it would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(2048)
    except BaseException:
        listener.close()
        raise
    return listener


async def _answer(
    app: Any,
    scope: Any,
    receive: Any,
    send: Callable[[Any], Awaitable[None]],
    note: Callable[[int], None],
) -> None:
    whole = False

    async def noting(message: Any) -> None:
        nonlocal whole
        if message["type"] == "http.response.start":
            note(message["status"])
        await send(message)
        whole = message["type"] == "http.response.body" and not message.get("more_body", False)

    try:
        await app(scope, receive, noting)
    except Exception:
        # After a whole answer, a 500 as a rule, uvicorn (protocols/http, run_asgi) drops the connection: the
        # client's next request on it fails or does not, as it happens.
        if not whole:
            raise


class _Serving:
    """What the thread of a server does: it serves until it is told to stop."""

    def __init__(self, server: Any, listener: socket.socket) -> None:
        self._server, self._listener = server, listener
        self._loop: asyncio.AbstractEventLoop | None = None
        self._told = asyncio.Event()
        self.started = threading.Event()

    def run(self) -> None:
        """Serve on a loop of its own."""
        self._startup = self._server.startup
        self._server.startup, self._server.shutdown = self._tell, self._cut
        self._server.main_loop = self._wait  # uvicorn's own looks every 0.1 s whether it shall stop
        with self._listener:
            asyncio.run(self._server.serve(sockets=[self._listener]))

    def stop(self) -> None:
        """Tell it to stop. Safe from any thread, also when it has stopped by itself."""
        self._server.should_exit = self._server.force_exit = True  # for one that has not started yet
        if self._loop:
            with contextlib.suppress(RuntimeError):  # its loop is closed
                self._loop.call_soon_threadsafe(self._told.set)

    async def _tell(self, sockets: Any = None) -> None:
        await self._startup(sockets=sockets)
        self._loop = asyncio.get_running_loop()
        self.started.set()

    async def _wait(self) -> None:
        await self._server.on_tick(0)  # makes the headers of every answer
        await self._told.wait()

    async def _cut(self, sockets: Any = None) -> None:
        # uvicorn would answer 500 to requests in work; of a server that is gone nobody hears anything. What
        # its own `shutdown` does besides is to wait, and `asyncio.run` ends what is left.
        for server in self._server.servers:
            server.close()
        for connection in list(self._server.server_state.connections):
            connection.transport.abort()
