"""The child of the judge: loads the student's cells, forks at each graded cell, runs scenarios.

It is told what to do in JSON lines on standard input and answers in JSON lines on standard output.
Nothing that decides a mark is here: no expectation, no expected value, no point.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import io
import os
import pickle
import re
import signal
import sys
import types
from collections.abc import Callable
from typing import Any

from grader.classroom.cells import compile_cell
from grader.classroom.limits import Limits
from grader.classroom.port import Port, RemoteBook
from grader.clock import VirtualLoop
from grader.outcome import answer_report
from grader.raised import error_info, plain_error
from grader.runner import Run
from grader.services import Service
from grader.wire import error_text

_DEFINED = re.compile(r"^(?:async +)?(?:def|class) +(\w+)", re.MULTILINE)


class CellTimeout(BaseException):
    """A cell took longer than it may; not an Exception, so that `except Exception` does not keep it."""


class _Unpickler(pickle.Unpickler):
    """Reads a scenario: placeholders become the student's objects, services become stubs of the judge's."""

    def __init__(self, data: bytes, namespace: dict[str, Any]) -> None:
        super().__init__(io.BytesIO(data))
        self._namespace = namespace

    def persistent_load(self, pid: Any) -> Any:
        kind, key, *rest = pid
        if kind == "service":
            return Service.stub(rest[0], key)
        return self._namespace[key]


class Child:
    """Holds the student's namespace and does what the judge says."""

    def __init__(self, port: Port) -> None:
        self._port = port
        module = types.ModuleType("__main__")
        sys.modules["__main__"] = module  # so that classes of the notebook can be pickled by name
        self._namespace = module.__dict__
        self._failed: dict[str, str] = {}  # why the cell that should define a name did not

    def serve(self) -> None:
        """Obey until the judge closes the line; what was meant for a fork that has ended is passed over."""
        self._port.send({"op": "hello"})
        while True:
            message = self._port.receive()
            if message.get("do") == "load":
                self._port.send({"op": "loaded", "error": self._load(message)})
            elif message.get("do") == "grade":
                self._grade(message["limit"])

    def _load(self, message: dict[str, Any]) -> Any:
        try:
            with _alarm(message["limit"]):
                code = compile_cell(message["source"], message["id"], whole=message["whole"])
                _execute(code, self._namespace)
        except BaseException as error:  # a cell that fails costs what it does not define, nothing else
            self._failed |= dict.fromkeys(_DEFINED.findall(message["source"]), _failure(error))
            return error_info(error)
        return None

    def _grade(self, limit: float) -> None:
        if not hasattr(os, "fork"):
            self._serve_runs()
            os._exit(0)
        pid = os.fork()
        if pid == 0:
            os.setpgid(0, 0)
            try:
                self._serve_runs()
            finally:
                os._exit(0)
        with _alarm(limit, lambda: _kill_group(pid)):
            os.waitpid(pid, 0)
        _kill_group(pid)  # what the run started and left behind
        self._port.send({"op": "left"})

    def _serve_runs(self) -> None:
        self._port.send({"op": "ready"})
        while True:
            message = self._port.receive()
            if message["do"] == "leave":
                return
            self._port.send({"op": "done", "report": self._run(message)})

    def _run(self, message: dict[str, Any]) -> dict[str, Any]:
        try:
            data = base64.b64decode(message["call"])
            fn, args = _Unpickler(data, self._namespace).load()
        except KeyError as error:
            name = str(error.args[0])
            return _missing(name, self._failed.get(name, ""))
        if message["kind"] == "answer":
            return answer_report(args[0])
        book = RemoteBook(self._port)
        cell, limit = message["cell"], message["limit"]
        return Run(message["kind"], fn, args, limit, lambda clock: book, cell, book.advance).execute()


def _failure(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return f": su celda tiene un error de sintaxis en la línea {error.lineno or 1}"
    return f": su celda falla con {error_text(error)[:200]}"


def _missing(name: str, why: str) -> dict[str, Any]:
    text = f"NameError: tu notebook no define `{name}`{why}"
    return answer_report(None) | {"error": plain_error("NameError", text)}


def _execute(code: types.CodeType, namespace: dict[str, Any]) -> None:
    coroutine = eval(code, namespace)
    if coroutine is not None:  # the cell has an await at its top level
        loop = VirtualLoop()
        try:
            loop.run_until_complete(coroutine)
        finally:
            loop.close()


class _alarm:
    """Within the block, after `limit` seconds: raise CellTimeout, or call `then`."""

    def __init__(self, limit: float, then: Callable[[], None] | None = None) -> None:
        self._limit, self._then = limit, then

    def __enter__(self) -> None:
        if hasattr(signal, "SIGALRM"):
            signal.signal(signal.SIGALRM, self._ring)
            signal.setitimer(signal.ITIMER_REAL, self._limit)

    def __exit__(self, *error: object) -> None:
        if hasattr(signal, "SIGALRM"):
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _ring(self, number: int, frame: object) -> None:
        if self._then is not None:
            self._then()
            return
        raise CellTimeout(f"la celda no terminó en {self._limit:g} s")


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def main() -> None:
    """Take the line to the judge from standard input and output; give the student's code silence instead.

    The first argument, if any, has the limits to set.
    """
    if len(sys.argv) > 1:
        Limits.from_text(sys.argv[1]).apply()
    port = Port(os.dup(0), os.dup(1))
    silence = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(silence, fd)
    asyncio.set_event_loop(None)
    Child(port).serve()


if __name__ == "__main__":
    main()
