"""The judge's side of a run: holds the clock and the services, and trusts nothing but its own log."""

from __future__ import annotations

import heapq
import io
import sys
import time
from collections.abc import Iterator, Mapping
from typing import Any

import cloudpickle

from grader.checks import runner
from grader.checks.outcome import Outcome, answer_report, is_busy
from grader.checks.runner import Report, plain_error
from grader.checks.service import Answer, Ledger, Request, Service, Tokens
from grader.judge import protocol
from grader.judge.session import MALFORMED, MAX_MESSAGES, Busy, Gone, Session
from grader.loop.virtual_loop import snap

# Seconds of its own after which a run that is too late is so by itself: what it may compute and wait.
_MOST_OWN = runner.CPU_LIMIT + runner.STILL_LIMIT + 4.0
NOT_BUSY = "dijo que no le dejaban trabajar, y no es verdad"
AFTER_END = "siguió hablando cuando su ejecución ya había terminado"


class Placeholder:
    """Stands for an object of the student's notebook, which the judge never holds."""

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __repr__(self) -> str:
        return self.__name__


CHECKS = "checks"  # the module beside a notebook with the scenarios of its tests


class _Pickler(cloudpickle.Pickler):  # type: ignore[misc]
    """Writes a scenario: services and the student's objects go as references."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file)
        self.services: list[Service] = []

    def persistent_id(self, obj: Any) -> Any:
        if type(obj) is Placeholder:
            return ("student", obj.__name__)
        if isinstance(obj, Tokens):
            raise TypeError(
                "a scenario would take Tokens to the student's process: pass it a service instead"
            )
        if type(obj) is Service:
            if obj not in self.services:
                self.services.append(obj)
            return ("service", self.services.index(obj), obj.name)
        return None


def pack(fn: Any, args: tuple[Any, ...]) -> tuple[bytes, list[Service]]:
    """Return a call as bytes for the child, and the services it names, by number."""
    if CHECKS in sys.modules:  # the child has no use for a module of that name, whoever may have written it
        cloudpickle.register_pickle_by_value(sys.modules[CHECKS])
    file = io.BytesIO()
    pickler = _Pickler(file)
    pickler.dump((fn, args))
    return file.getvalue(), pickler.services


class Bench:
    """Answers one run's messages: services and time, until the child says that the run is over."""

    def __init__(self, kind: str, services: list[Service]) -> None:
        self._services = services
        self._ledger = Ledger()
        self._waiting: dict[int, float] = {}  # ticket -> instant of its answer
        self._instants: list[tuple[float, int]] = []  # a heap of the same, with those that were cancelled
        self._virtual = kind == "virtual"
        self._origin, self._now = time.monotonic(), 0.0
        self.requests: list[Request] | None = None  # the log, once the run is over
        self.elapsed = 0.0

    @property
    def now(self) -> float:
        return self._now if self._virtual else time.monotonic() - self._origin

    def handle(self, message: protocol.FromChild) -> protocol.Reply:
        """Return the reply to a message of the child. Raises Gone if it makes no sense or comes too late."""
        if self.requests is not None:
            raise Gone(AFTER_END)
        match message:
            case protocol.Begin():
                return self._begin(message)
            case protocol.Advance(to=to) if self._virtual:
                return self._advance(to)
            case protocol.Cancel(ticket=number) if self._ledger.has(number):
                self._waiting.pop(number, None)
                self._ledger.cancel(number, self.now)
                return protocol.Reply()
            case protocol.Finish(ticket=number) if not self._virtual and number in self._waiting:
                time.sleep(max(0.0, self._waiting[number] - self.now))
                return protocol.Reply(answers={number: self._pop(number)})
            case protocol.End():
                self.elapsed = round(self.now, 9)
                self.requests = self._ledger.close(self.now)
                return protocol.Reply()
        raise Gone(MALFORMED)

    def _begin(self, message: protocol.Begin) -> protocol.Reply:
        if message.service >= len(self._services):
            raise Gone(MALFORMED)
        try:
            args, kwargs = protocol.values_of(message)
        except protocol.Malformed:
            raise Gone(MALFORMED) from None
        service = self._services[message.service]
        number, delay = self._ledger.begin(service, args, kwargs, self.now)
        if delay <= 0:
            return protocol.Reply(number, 0.0, answers={number: _packed(self._ledger.answer(number))})
        self._waiting[number] = at = snap(self.now + delay)
        heapq.heappush(self._instants, (at, number))
        return protocol.Reply(number, delay)

    def _advance(self, to: float | None) -> protocol.Reply:
        first = self._first()
        if to is None and first is None:
            return protocol.Reply()
        self._now = max(self._now, min(at for at in (to, first) if at is not None))
        answers = {}
        while (first := self._first()) is not None and first <= self._now + 1e-9:
            number = self._instants[0][1]
            answers[number] = self._pop(number)
        return protocol.Reply(now=self._now, answers=answers)

    def _first(self) -> float | None:
        """Return the instant of the next answer."""
        while self._instants and self._instants[0][1] not in self._waiting:
            heapq.heappop(self._instants)
        return self._instants[0][0] if self._instants else None

    def _pop(self, number: int) -> bytes:
        del self._waiting[number]
        return _packed(self._ledger.answer(number))


def _packed(answer: Answer) -> bytes:
    data: bytes = cloudpickle.dumps(answer)
    return data


class RemoteEngine:
    """Runs the scenarios of one graded cell in the child's fork; collects what is said and shown."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._gone: Gone | None = None
        self.said: list[str] = []
        self.hidden = False  # whether a hidden case runs, of which nothing that was observed is told
        self.shown: tuple[Outcome, float | None] | None = None
        self.proven = False  # whether a check rests on what only the judge knows

    def open(self) -> int:
        """Let the child fork; return the cell's number. If it cannot, every run of this cell says so."""
        try:
            return self._session.open_cell()
        except Gone as reason:
            self._gone = reason
            return 0

    def close(self) -> None:
        """End the fork; nothing of it is left for the next cell."""
        self._session.close_cell()

    def run(
        self, kind: str, fn: Any, args: tuple[Any, ...], limit: float, cell: str
    ) -> tuple[Report, list[Request]]:
        """Run a scenario in the child; what it cannot prove is only its report."""
        call, services = pack(fn, args)
        bench = Bench(kind, services)
        Tokens.draw_anew()
        if self._gone is not None:
            return _stopped(self._gone), []
        try:
            before = self._session.budget.own, self._session.budget.wall
            self._session.line.send(protocol.Run(kind, call, limit, cell))
            report = self._converse(bench)
            if is_busy(report):
                self._believe(limit if kind == "real" else 0.0, *before)
        except Gone as reason:
            self._gone = reason
            self._session.close_cell()
            return _stopped(self._gone), bench.requests or []
        if kind != "answer":
            report["elapsed"] = bench.elapsed
        return report, bench.requests or []

    def _believe(self, limit: float, own: float, wall: float) -> None:
        """Look whether the machine can have kept a run from ending, as it reports. Raises Gone."""
        budget = self._session.budget
        had, passed = budget.own - own, budget.wall - wall
        if passed < runner.GUARD / 2 or had > limit + _MOST_OWN:
            raise Gone(NOT_BUSY)

    def _converse(self, bench: Bench) -> Report:
        for _ in range(MAX_MESSAGES):
            message = self._session.next()
            if isinstance(message, protocol.Done):
                try:
                    return protocol.report_of(message)
                except protocol.Malformed:
                    raise Gone(MALFORMED) from None
            self._session.line.send(bench.handle(message))
        raise Gone("hizo demasiadas llamadas")

    def passed(self, title: str, facts: str) -> None:
        self.said.append(f"✓ {title}" + ("" if self.hidden else facts))

    def note(self, outcome: Outcome, wanted: Mapping[str, Any]) -> None:
        self.proven = self.proven or is_proof(outcome.requests, wanted)

    def show(self, outcome: Outcome, expected_end: float | None) -> None:
        self.shown = outcome, expected_end


def is_proof(requests: list[Request], wanted: Mapping[str, Any]) -> bool:
    """Tell whether what a check wants can only be had by those who made the requests, in that time.

    wanted: what `expect` compares. The time, or the number of the requests by their ends, is the judge's own
    knowledge; all of `value` must be what services answered by Tokens, which nobody can guess. Whatever else
    stands in it (that something ran in another thread, how often) the child has observed, and may make up.
    """
    answers = [request.token for request in requests if request.state == "done" and request.token]
    leaves = [str(leaf) for leaf in _leaves(wanted.get("value", ()))]
    bound = "elapsed" in wanted or "requests" in wanted
    return bound and bool(leaves) and all(any(token in leaf for token in answers) for leaf in leaves)


def _leaves(value: Any) -> Iterator[Any]:
    """Yield what a value is made of; keys of a dict are names, and no part of it."""
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list | tuple | set):
        yield value
        return
    for item in value:
        yield from _leaves(item)


def _stopped(reason: Gone) -> Report:
    kind = runner.BUSY if isinstance(reason, Busy) else runner.GONE
    return answer_report(None) | {"error": plain_error(kind, f"{kind}: {reason}")}
