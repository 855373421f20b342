"""The child's end of the line to the judge, and the book of services that the judge keeps."""

from __future__ import annotations

import os
import pickle
import threading
from typing import Any

from msgspec import Struct

from grader.checks import values
from grader.checks.service import Answer, Service, Ticket
from grader.judge import protocol


class Port:
    """The line to the judge. Only one question is open at a time."""

    def __init__(self, reader: int, writer: int) -> None:
        self._reader, self._writer = reader, writer
        self._rest = b""
        self._lock = threading.Lock()

    def send(self, message: Struct | dict[str, Any]) -> None:
        data = protocol.line(message)
        while data:
            data = data[os.write(self._writer, data) :]

    def receive(self) -> protocol.FromJudge:
        """Return the next message that was meant for this process."""
        while True:
            while b"\n" not in self._rest:
                data = os.read(self._reader, 1 << 16)
                if not data:
                    os._exit(0)  # the judge is gone
                self._rest += data
            line, _, self._rest = self._rest.partition(b"\n")
            if (message := protocol.told(line)) is not None:
                return message

    def ask(self, message: Struct) -> protocol.Reply:
        with self._lock:
            self.send(message)
            reply = self.receive()
        assert isinstance(reply, protocol.Reply)
        return reply


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
        said = self._port.ask(protocol.Begin(service.number, plain, named))
        self._take(said)
        return Ticket(said.ticket, said.delay, None)

    def cancel(self, ticket: Ticket) -> None:
        if not self._closed:
            self._port.ask(protocol.Cancel(ticket.number))

    def finish(self, ticket: Ticket) -> Answer:
        if ticket.answer is not None or self._closed:
            return ticket.answer or Answer(None)
        if ticket.number not in self._answers:
            self._take(self._port.ask(protocol.Finish(ticket.number)))
        return self._answers.pop(ticket.number)

    def close(self) -> None:
        self._closed = True
        self._port.ask(protocol.End())

    def advance(self, deadline: float | None) -> float | None:
        """Ask the judge for time: it gives at most `deadline`, and the answers that are due by then."""
        if self._closed:
            return deadline
        said = self._port.ask(protocol.Advance(deadline))
        self._take(said)
        return said.now

    def _take(self, said: protocol.Reply) -> None:
        self._answers |= {number: pickle.loads(answer) for number, answer in said.answers.items()}


def _plain(arg: object) -> Any:
    try:
        return values.encode(arg)
    except values.NotPlain:
        return repr(arg)[:200]
