"""The child's line to the judge, and the book of services that the judge keeps at its other end."""

from __future__ import annotations

import base64
import json
import os
import pickle
import threading
from typing import Any

from grader import wire
from grader.services import Answer, Service, Ticket

_written = json.JSONEncoder(separators=(",", ":")).encode  # kept: a student may rebind json's functions
_read = json.JSONDecoder().decode


class Port:
    """The line to the judge. Only one question is open at a time."""

    def __init__(self, reader: int, writer: int) -> None:
        self._reader, self._writer = reader, writer
        self._rest = b""
        self._lock = threading.Lock()

    def send(self, message: dict[str, Any]) -> None:
        data = _written(message).encode() + b"\n"
        while data:
            data = data[os.write(self._writer, data) :]

    def receive(self) -> dict[str, Any]:
        while b"\n" not in self._rest:
            data = os.read(self._reader, 1 << 16)
            if not data:
                os._exit(0)  # the judge is gone
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\n")
        try:
            message: dict[str, Any] = _read(line.decode())
        except ValueError:  # the end of a line whose beginning a fork took with it
            return {}
        return message

    def ask(self, message: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            self.send(message)
            return self.receive()


class RemoteBook:
    """The services of a run, kept by the judge: it decides how long a call takes and what it answers."""

    def __init__(self, port: Port) -> None:
        self._port = port
        self._answers: dict[int, Answer] = {}
        self._closed = False

    def begin(self, service: Service, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Ticket:
        if self._closed:
            return Ticket(-1, 0, Answer(None))
        plain = [_plain(arg) for arg in args]
        named = {name: _plain(arg) for name, arg in kwargs.items()}
        said = self._port.ask({"op": "begin", "service": service.number, "args": plain, "kwargs": named})
        self._take(said)
        return Ticket(said["ticket"], said["delay"], None)

    def cancel(self, ticket: Ticket) -> None:
        if not self._closed:
            self._port.ask({"op": "cancel", "ticket": ticket.number})

    def finish(self, ticket: Ticket) -> Answer:
        if ticket.answer is not None or self._closed:
            return ticket.answer or Answer(None)
        if ticket.number not in self._answers:
            self._take(self._port.ask({"op": "finish", "ticket": ticket.number}))
        return self._answers.pop(ticket.number)

    def close(self) -> None:
        self._closed = True
        self._port.ask({"op": "end"})

    def advance(self, deadline: float | None) -> float | None:
        """Ask the judge for time: it gives at most `deadline`, and the answers that are due by then."""
        if self._closed:
            return deadline
        said = self._port.ask({"op": "advance", "to": deadline})
        self._take(said)
        now: float | None = said["now"]
        return now

    def _take(self, said: dict[str, Any]) -> None:
        for number, answer in said.get("answers", {}).items():
            self._answers[int(number)] = pickle.loads(base64.b64decode(answer))


def _plain(arg: object) -> Any:
    try:
        return wire.encode(arg)
    except wire.NotPlain:
        return repr(arg)[:200]
