"""What judge and child say to each other: every message a typed record, bounded, validated once on arrival.

The child's word is a stranger's: each text, list and number has a limit, instants are finite, and a message
that breaks one is no message. The judge's word the child may trust.

A conversation: the child says Hello. The judge lets it Load cells (Loaded) or Skip them, and opens each
graded cell with Grade, which forks (Ready). In the fork every Run is played: Begin, Advance, Cancel and
Finish ask the judge for services and time, End closes its log, Done brings the report. Park puts the fork
aside (Parked) until Resume (Ready); Leave ends it (Left).
"""

from __future__ import annotations

import itertools
import math
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from grader.checks import values
from grader.checks.runner import Report

MAX_LINE = 4_000_000  # bytes of one message
MAX_DRAWN = 400_000  # bytes of a timeline that is drawn: a run of some hundred tasks
MAX_FACTS = 2_000
_LATEST = 1e9  # seconds: no run of the course is longer
_TOLERANCE = 1e-6  # seconds

Name = Annotated[str, Meta(max_length=200)]
Text = Annotated[str, Meta(max_length=20_000)]
Count = Annotated[int, Meta(ge=0, le=1_000_000_000)]
Instant = Annotated[float, Meta(ge=0.0, le=_LATEST)]


class Malformed(Exception):
    """A message that is none of the protocol's."""


class FromChild(Struct, tag_field="op", tag=str.lower, forbid_unknown_fields=True):
    """A message of the child."""


class Hello(FromChild):
    """The child is there. forks: whether it can fork for a graded cell, and put the fork aside."""

    forks: bool


class Loaded(FromChild):
    """A cell was loaded, or failed. left: what it left behind that is too much for the cells below, or ""."""

    left: Annotated[str, Meta(max_length=200)] = ""


class Ready(FromChild):
    """The fork of a graded cell waits for its first, or next, run."""


class Parked(FromChild):
    """The fork of a graded cell waits aside; the child listens again."""


class Left(FromChild):
    """The fork of a graded cell has ended."""


class Begin(FromChild):
    """A service is called. service: its number in the run; args, kwargs: values as `wire` encodes them."""

    service: Count
    args: Annotated[list[Any], Meta(max_length=50)]
    kwargs: Annotated[dict[Name, Any], Meta(max_length=50)]


class Advance(FromChild):
    """Nothing can run before the instant `to`; None: nothing waits for time."""

    to: Instant | None


class Cancel(FromChild):
    """The caller of a request went away."""

    ticket: Count


class Finish(FromChild):
    """The answer of a request is wanted, on a real clock."""

    ticket: Count


class End(FromChild):
    """The run is over: what follows is clean-up, and nothing is served any more."""


class StuckTask(Struct):
    name: Text
    coro: Text
    what: Text
    line: Count | None


class Fact(Struct):
    """One thing that happened in a run; which fields count depends on the kind (grader.checks.causes)."""

    kind: Name
    what: Text | None = ""
    error: Text = ""
    wait: Text = ""
    line: Count | None = None
    seconds: Instant = 0.0
    at: Instant = 0.0
    tasks: Annotated[list[StuckTask], Meta(max_length=10_000)] = []


class Failure(Struct):
    """The exception that ended a run, as `grader.checks.runner` tells it."""

    type: Name
    text: Annotated[str, Meta(min_length=1, max_length=20_000)]
    leaves: Annotated[list[Text], Meta(max_length=1_000)]
    line: Count | None
    source: Text
    function: Text
    task: Text = ""


class Done(FromChild):
    """What a run reports. value: as `wire` encodes it; timeline: a Recording, looked at apart."""

    value: Any
    refused: Text | None
    error: Failure | None
    facts: Annotated[list[Fact], Meta(max_length=MAX_FACTS)]
    timeline: msgspec.Raw


class Wait(Struct):
    start: Instant
    end: Instant | None
    kind: Name
    what: Text
    line: Count | None
    due: float | None
    within: Annotated[list[Name], Meta(max_length=20)] = []


class Limit(Struct):
    start: Instant
    due: Instant
    end: Instant | None
    expired: bool


class RecordedTask(Struct):
    id: Count
    name: Text
    coro: Text
    parent: Count | None
    created: Instant
    hidden: bool
    end: Instant | None
    state: Name
    error: Text | None
    cancels: list[Instant]
    cleaning: Instant | None
    slices: list[tuple[Instant, Instant, Instant]]
    waits: list[Wait]
    limits: list[Limit] = []
    aborts: list[Instant] = []


class RecordedJob(Struct):
    func: Text
    task: Count | None
    kind: Name
    submitted: Instant | None
    started: Instant | None
    ended: Instant | None


class BlockedSpan(Struct):
    start: Instant
    end: Instant
    task: Count | None
    line: Count | None


class Recording(Struct):
    """A timeline, as `Recorder.to_dict` describes it."""

    clock: Name
    end: Instant
    frozen: bool
    tasks: list[RecordedTask]
    threads: Annotated[list[RecordedJob], Meta(max_length=2_000)]  # each of these takes long to draw
    blocked: Annotated[list[BlockedSpan], Meta(max_length=1_000)]
    unstarted: Annotated[list[Text], Meta(max_length=1_000)]


class FromJudge(Struct, tag_field="do", tag=str.lower):
    """A message of the judge."""


class Load(FromJudge):
    """Load a cell, wholly or only its definitions, within `limit` seconds of the child's own.

    given: it is the course's, and none of its lines the student's.
    """

    cell_id: str
    source: str
    whole: bool
    limit: float
    given: bool = False


class Skip(FromJudge):
    """Do without a cell, for a reason that is told to who misses what it defines."""

    source: str
    reason: str


class Grade(FromJudge):
    """Fork for a graded cell."""

    cell: int


class Resume(FromJudge):
    """Go on with a fork that was put aside."""

    cell: int


class Run(FromJudge):
    """Play a scenario. call: the pickled function and its arguments; limit: seconds; cell: who asks."""

    kind: str
    call: bytes
    limit: float
    cell: str


class Park(FromJudge):
    """Wait aside."""


class Leave(FromJudge):
    """End the fork."""


class Reply(FromJudge):
    """What the judge answers in a run. answers: what the services say, pickled, by ticket."""

    ticket: int = -1
    delay: float = 0.0
    now: float | None = None
    answers: dict[int, bytes] = {}


_Message = Hello | Loaded | Ready | Parked | Left | Begin | Advance | Cancel | Finish | End | Done
_Order = Load | Skip | Grade | Resume | Run | Park | Leave | Reply
_from_child: msgspec.json.Decoder[_Message] = msgspec.json.Decoder(_Message)
_from_judge: msgspec.json.Decoder[_Order] = msgspec.json.Decoder(_Order)
_recording = msgspec.json.Decoder(Recording | None)
_encode = msgspec.json.Encoder().encode


def line(message: Struct | dict[str, Any]) -> bytes:
    """Return a message as the line that is sent."""
    return _encode(message) + b"\n"


def heard(data: bytes) -> _Message:
    """Return a message of the child. Raises Malformed."""
    try:
        return _from_child.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Malformed(str(error)[:200]) from None


def told(data: bytes) -> _Order | None:
    """Return a message of the judge; None for the end of a line whose beginning another process read."""
    try:
        return _from_judge.decode(data)
    except msgspec.MsgspecError:
        return None


def done(report: Report) -> Done:
    """Return the message that brings a report, within its bounds: what is too long to be shown is cut."""
    error = report["error"]
    if error is not None:
        names = ("type", "text", "line", "source", "function", "task")
        error = Failure(
            **{name: _cut(error[name]) for name in names if name in error},
            leaves=[_cut(leaf) for leaf in error["leaves"][:1_000]],
        )
    facts = [Fact(**{name: _cut(value) for name, value in fact.items()}) for fact in report["facts"]]
    timeline = _encode(report["timeline"])
    if len(timeline) > MAX_DRAWN:
        timeline = b"null"  # nobody would draw it
    refused = _cut(report["refused"])
    return Done(report["value"], refused, error, facts[:MAX_FACTS], msgspec.Raw(timeline))


def report_of(message: Done) -> Report:
    """Return what a run reports as plain data, its value decoded. Raises Malformed.

    A timeline with an impossible instant, or one that is too large to be drawn, is left out.
    """
    try:
        value = values.decode(message.value)
    except values.NotPlain as error:
        raise Malformed(str(error)) from None
    return {
        "value": value,
        "refused": message.refused,
        "error": None if message.error is None else msgspec.to_builtins(message.error),
        "elapsed": 0.0,
        "timeline": _drawable(message.timeline),
        "facts": [msgspec.to_builtins(fact) for fact in message.facts],
    }


def values_of(message: Begin) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return the arguments with which a service is called. Raises Malformed."""
    try:
        return (
            tuple(values.decode(arg) for arg in message.args),
            {name: values.decode(arg) for name, arg in message.kwargs.items()},
        )
    except values.NotPlain as error:
        raise Malformed(str(error)) from None


def _cut(value: Any) -> Any:
    """Shorten what is only shown: a text, or the texts of tasks; numbers without meaning become None or 0."""
    if isinstance(value, str):
        return value[:19_000]
    if isinstance(value, list):
        return [StuckTask(**{name: _cut(part) for name, part in task.items()}) for task in value[:1_000]]
    return value


def _drawable(raw: msgspec.Raw) -> dict[str, Any] | None:
    if len(bytes(raw)) > MAX_DRAWN:
        return None
    try:
        recording = _recording.decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    if recording is None or not _is_family(recording.tasks) or not _is_within(recording):
        return None
    data: dict[str, Any] = msgspec.to_builtins(recording)
    for task in data["tasks"]:
        task["slices"] = [list(each) for each in task["slices"]]
        for wait in task["waits"]:
            if wait["due"] is not None and not (math.isfinite(wait["due"]) and abs(wait["due"]) <= _LATEST):
                wait["due"] = None
    return data


def _is_family(tasks: list[RecordedTask]) -> bool:
    """Tell whether tasks are numbered in order and each was made by an earlier one."""
    return all(
        task.id == number and (task.parent is None or task.parent < number)
        for number, task in enumerate(tasks)
    )


def _is_within(recording: Recording) -> bool:
    """Tell whether every instant lies within the run, and every span ends after it begins."""
    latest = recording.end + _TOLERANCE

    def in_order(*instants: float | None) -> bool:
        known = [at for at in instants if at is not None]
        return all(a <= b + _TOLERANCE for a, b in itertools.pairwise([*known, latest]))

    return (
        all(
            in_order(task.created, task.end)
            and all(in_order(at) for at in (*task.cancels, *task.aborts, task.cleaning))
            and all(in_order(*each) for each in task.slices)
            and all(in_order(wait.start, wait.end) for wait in task.waits)
            and all(in_order(limit.start, limit.end) and limit.start <= limit.due for limit in task.limits)
            for task in recording.tasks
        )
        and all(in_order(job.submitted, job.started, job.ended) for job in recording.threads)
        and all(in_order(span.start, span.end) for span in recording.blocked)
    )
