"""The judge's side of a run: holds the clock and the services, and trusts nothing but its own log."""

from __future__ import annotations

import base64
import io
import math
import time
from typing import Any

import cloudpickle

from grader import wire
from grader.classroom.line import MALFORMED, Gone
from grader.classroom.session import MAX_MESSAGES, Session
from grader.clock import snap
from grader.outcome import Outcome, answer_report
from grader.raised import plain_error
from grader.runner import Report
from grader.services import Answer, Ledger, Request, Service


class Placeholder:
    """Stands for an object of the student's notebook, which the judge never holds."""

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __repr__(self) -> str:
        return self.__name__


class _Pickler(cloudpickle.Pickler):  # type: ignore[misc]
    """Writes a scenario: services and the student's objects go as references."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file)
        self.services: list[Service] = []

    def persistent_id(self, obj: Any) -> Any:
        if type(obj) is Placeholder:
            return ("student", obj.__name__)
        if type(obj) is Service:
            if obj not in self.services:
                self.services.append(obj)
            return ("service", self.services.index(obj), obj.name)
        return None


def pack(fn: Any, args: tuple[Any, ...]) -> tuple[str, list[Service]]:
    """Return a call as text for the child, and the services it names, by number."""
    file = io.BytesIO()
    pickler = _Pickler(file)
    pickler.dump((fn, args))
    return base64.b64encode(file.getvalue()).decode(), pickler.services


class Bench:
    """Answers one run's messages: begin, cancel, finish, advance, end."""

    def __init__(self, kind: str, services: list[Service]) -> None:
        self._services = services
        self._ledger = Ledger()
        self._waiting: dict[int, float] = {}  # ticket -> instant of its answer
        self._virtual = kind == "virtual"
        self._origin, self._now = time.monotonic(), 0.0
        self.requests: list[Request] | None = None
        self.elapsed = 0.0

    @property
    def now(self) -> float:
        return self._now if self._virtual else time.monotonic() - self._origin

    def handle(self, message: dict[str, Any]) -> dict[str, Any]:
        """Return the reply to a message of the child. Raises Gone when it makes no sense."""
        operation = message.get("op")
        try:
            if operation == "begin":
                return self._begin(message)
            if operation == "advance":
                return self._advance(message["to"])
            if operation == "cancel":
                self._waiting.pop(int(message["ticket"]), None)
                self._ledger.cancel(int(message["ticket"]), self.now)
                return {}
            if operation == "finish":
                return self._finish(int(message["ticket"]))
            if operation == "end":
                self._end()
                return {}
        except Exception as error:  # whatever a forged message provokes, it is the child's
            raise Gone(MALFORMED) from error
        raise Gone(MALFORMED)

    def _begin(self, message: dict[str, Any]) -> dict[str, Any]:
        service = self._services[message["service"]]
        args = tuple(wire.decode(arg) for arg in message["args"])
        kwargs = {str(name): wire.decode(arg) for name, arg in message["kwargs"].items()}
        number, delay = self._ledger.begin(service, args, kwargs, self.now)
        if delay <= 0:
            return {"ticket": number, "delay": 0, "answers": {number: _packed(self._ledger.answer(number))}}
        self._waiting[number] = snap(self.now + delay)
        return {"ticket": number, "delay": delay}

    def _advance(self, to: Any) -> dict[str, Any]:
        if not self._virtual or not (to is None or (isinstance(to, int | float) and math.isfinite(to))):
            raise ValueError
        instants = [*self._waiting.values(), *([] if to is None else [float(to)])]
        if not instants:
            return {"now": None}
        self._now = max(self._now, min(instants))
        due = [number for number, at in self._waiting.items() if at <= self._now + 1e-9]
        return {"now": self._now, "answers": {number: self._pop(number) for number in due}}

    def _finish(self, number: int) -> dict[str, Any]:
        if self._virtual:
            raise ValueError  # on the virtual clock answers come with the time
        time.sleep(max(0.0, self._waiting[number] - self.now))
        return {"answers": {number: self._pop(number)}}

    def _pop(self, number: int) -> str:
        del self._waiting[number]
        return _packed(self._ledger.answer(number))

    def _end(self) -> None:
        if self.requests is None:
            self.elapsed = round(self.now, 9)
            self.requests = self._ledger.close(self.now)


def _packed(answer: Answer) -> str:
    return base64.b64encode(cloudpickle.dumps(answer)).decode()


class RemoteEngine:
    """Runs the scenarios of one graded cell in the child's fork; collects what is said and shown."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._gone: str | None = None
        self.said: list[str] = []
        self.shown: tuple[Outcome, float | None] | None = None
        self.proven = False

    def open(self) -> None:
        """Let the child fork. If it cannot, every run of this cell says so."""
        try:
            self._session.open_cell()
        except Gone as reason:
            self._gone = str(reason)

    def close(self) -> None:
        """End the fork; nothing of it is left for the next cell."""
        self._session.close_cell()

    def run(
        self, kind: str, fn: Any, args: tuple[Any, ...], limit: float, cell: str
    ) -> tuple[Report, list[Request]]:
        """Run a scenario in the child; what it cannot prove is only its report."""
        call, services = pack(fn, args)
        bench = Bench(kind, services)
        if self._gone is not None:
            return _stopped(self._gone), []
        try:
            self._session.line.send({"do": "run", "kind": kind, "call": call, "limit": limit, "cell": cell})
            report = self._converse(bench)
        except Gone as reason:
            self._gone = str(reason)
            self._session.close_cell()
            return _stopped(self._gone), bench.requests or []
        self.proven = self.proven or bool(bench.requests)
        if kind != "answer":
            report["elapsed"] = bench.elapsed
        return report, bench.requests or []

    def _converse(self, bench: Bench) -> Report:
        for _ in range(MAX_MESSAGES):
            message = self._session.next()
            if message.get("op") == "done":
                return checked(message.get("report"))
            self._session.line.send(bench.handle(message))
        raise Gone("demasiados mensajes")

    def say(self, line: str) -> None:
        self.said.append(line)

    def show(self, outcome: Outcome, expected_end: float | None) -> None:
        self.shown = outcome, expected_end


def _stopped(reason: str) -> Report:
    text = f"Parada: {reason}"
    return answer_report(None) | {"error": plain_error("Parada", text)}


def checked(report: Any) -> Report:
    """Return a child's report if it has the form of one. Raises Gone."""
    try:
        error = report["error"]
        wire.decode(report["value"])
        good = (
            (report["refused"] is None or isinstance(report["refused"], str))
            and (error is None or (isinstance(error["text"], str) and isinstance(error["leaves"], list)))
            and (report["timeline"] is None or isinstance(report["timeline"], dict))
            and all(isinstance(fact["kind"], str) for fact in report["facts"])
        )
        if good:
            Outcome(report, [], "virtual", "")  # its findings can be told
            return dict(report)
    except Exception:  # whatever a forged report provokes, it is the child's
        pass
    raise Gone(MALFORMED)
