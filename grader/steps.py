"""What a recording knows of the tasks of a loop: one record each, filled in as their steps happen."""

from __future__ import annotations

import asyncio
import os
import sys
import weakref
from collections.abc import Callable
from contextvars import Context, ContextVar
from types import FrameType
from typing import Any

from grader.clock import Stuck
from grader.waits import is_user_file, read

BLOCKED_AFTER = 0.1  # seconds of one step on a real clock; 50 ms would paint the creation of 1000 tasks red
MOST_SLICES = 200_000

# What makes a task ours: it was made where this holds the recording's token. The token is not the recording,
# because a context lives as long as any task that copied it.
MARK: ContextVar[object] = ContextVar("grader_recording", default=None)

# Functions between the code that wants a task and the loop that makes it.
_MAKERS = {
    "create_task",
    "ensure_future",
    "_ensure_future",
    "gather",
    "as_completed",
    "shield",
    "wait",
    "call_soon",
}
_PACKAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "")

Seconds = float  # of the recording's clock


class Record:
    """One task: plain data and a weak reference, so that no task lives longer than it would unrecorded.

    times: ready, start and stop of each slice in one list, three floats a slice (a tuple each would keep the garbage
    collector busy); waits[i]: what `read` said after slice i, ended when slice i + 1 was made ready.
    """

    __slots__ = (
        "cancelling", "cancels", "coro", "created", "end", "error", "hidden", "id", "name",
        "parent", "ready", "ref", "state", "times", "waiter", "waits",
    )  # fmt: skip

    def __init__(self, number: int, coro: Any, parent: int | None, created: Seconds) -> None:
        self.id, self.parent, self.created = number, parent, created
        self.coro = str(getattr(coro, "__name__", ""))
        self.hidden = _is_internal(coro)
        self.name: str | None = None
        self.ready: Seconds | None = None  # since when its next step is in the queue
        self.times: list[Seconds] = []
        self.waits: list[tuple[str, str, int | None, Seconds | None]] = []
        self.end: Seconds | None = None
        self.state = "pending"
        self.error: str | None = None
        self.cancels: tuple[Seconds, ...] = ()
        self.cancelling = 0  # Task.cancelling() when it was last looked at
        self.waiter: Record | None = None  # the task that awaits this one
        self.ref: _Ref | None = None


class _Ref(weakref.ref[Any]):
    """A weak reference that knows under which key its object is kept."""

    __slots__ = ("key",)
    key: int


class _Birth:
    """A call of create_task that has not returned yet."""

    __slots__ = ("eager", "outer", "record")

    def __init__(self, record: Record, outer: Any) -> None:
        self.record, self.outer, self.eager = record, outer, False


class Log:
    """The recording of one loop. `line_of(since, until)` tells which line blocked it."""

    __slots__ = (
        "begun", "births", "blocked", "clock", "freeze", "full", "jobs", "left", "line_of", "live",
        "loop", "making", "open", "ready", "records", "running", "since", "token", "virtual",
    )  # fmt: skip

    def __init__(self, loop: Any, clock: Callable[[], Seconds], virtual: bool) -> None:
        self.loop, self.clock, self.virtual = loop, clock, virtual
        self.token = object()
        self.live = True
        self.full = False
        self.left = MOST_SLICES
        self.records: list[Record] = []
        self.open: dict[int, Record] = {}  # by id(task); a task that dies or ends is taken out
        self.births: list[_Birth] = []  # innermost last
        self.making = 0  # calls of create_task that run nothing of the new task
        self.running: Record | None = None
        self.ready = self.begun = 0.0  # of the running slice
        self.since: Seconds | None = None  # since when nobody else could run; the watcher reads it
        self.blocked: list[dict[str, Any]] = []
        self.jobs: list[dict[str, Any]] = []
        self.line_of: Callable[[Seconds, Seconds], int | None] = lambda since, until: None
        self.freeze: Callable[[], None] = lambda: None

    # -- which tasks there are

    def add(self, coro: Any) -> Record:
        """Return the record of a new task, child of the one that runs."""
        parent = self.current()
        record = Record(len(self.records), coro, None if parent is None else parent.id, self.clock())
        self.records.append(record)
        return record

    def bind(self, record: Record, task: Any) -> None:
        """Say which task the record is about."""
        record.ref = ref = _Ref(task, self.forget)
        ref.key = id(task)
        self.open[ref.key] = record

    def forget(self, ref: _Ref) -> None:
        self.open.pop(ref.key, None)

    def current(self) -> Record | None:
        """Return the record of the task that runs now, if it is one of ours."""
        if not self.births:
            return self.running
        task = asyncio.current_task(self.loop)
        record = self.open.get(id(task))
        if record is None and task is not self.births[-1].outer:
            return self.births[-1].record  # it runs inside its own creation
        return record

    def adopt(self, task: Any, callback: Any, context: Any) -> Record | None:
        """Return the record of a task seen for the first time, or None if it is none of ours."""
        birth = self.births[-1] if self.births else None
        first = getattr(callback, "__name__", "__step") == "__step"  # the C step has no name, a wake-up has
        if not self.live or not (context.get(MARK) is self.token or (first and (birth or self.making))):
            return None
        if birth and birth.record.ref is None:
            now = asyncio.current_task(self.loop)
            birth.eager = now is task
            if birth.eager or now is birth.outer:
                self.bind(birth.record, task)
                return birth.record
        record = self.add(task.get_coro())
        self.bind(record, task)
        return record

    def conceive(self, coro: Any) -> _Birth:
        """Note that create_task is called: what the new task does before it returns belongs to it."""
        birth = _Birth(self.add(coro), asyncio.current_task(self.loop))
        self.births.append(birth)
        return birth

    def give_birth(self, birth: _Birth, task: Any) -> None:
        """Note that create_task has returned; the first slice of an eager task is over by then."""
        self.births.remove(birth)
        record = birth.record
        if not self.live or not asyncio.isfuture(task) or (record.ref is None and id(task) in self.open):
            return
        if record.ref is None:
            birth.eager = True
            self.bind(record, task)
        if birth.eager:
            outer, since = self.running, self.since
            self.finish(record, task, record.created, record.created)
            self.running, self.since = outer, since

    # -- what they do

    def finish(self, record: Record, task: Any, ready: Seconds, start: Seconds) -> None:
        """Close a slice of a task: what it waits for now, or how it ended."""
        stop = self.clock()
        self.running = None
        record.times += ready, start, stop
        if task.done():
            self._end(record, task, stop)
        else:
            if record.name is None:  # asyncio.create_task names a task after making it (3.11, 3.12)
                record.name = task.get_name()
            wait = read(task)
            record.waits.append(wait)
            if wait[0] == "task":
                self._link(record, task._fut_waiter)
        if record.cancelling != (asked := task.cancelling()):
            if ready == stop:  # on a virtual clock nothing lies between: that was the instant
                record.cancels += (stop,) * (asked - record.cancelling)
            record.cancelling = asked
        if not self.virtual and stop - start >= BLOCKED_AFTER:
            self.note_blocked(record, start, stop)
        self.since = None
        self.left -= 1
        if self.left <= 0:
            self.full = True
            self.freeze()

    def note_blocked(self, record: Record | None, start: Seconds, stop: Seconds) -> None:
        number = record.id if record else None
        self.blocked.append({"start": start, "end": stop, "task": number, "line": self.line_of(start, stop)})

    def _end(self, record: Record, task: Any, stop: Seconds) -> None:
        record.name = task.get_name()
        if task.cancelled():
            record.state = "cancelled"
        # `_exception` (Modules/_asynciomodule.c, Future getset): exception() would count as retrieving it.
        elif (error := task._exception) is None:
            record.state = "done"
        elif isinstance(error, Stuck):
            self.freeze()  # thrown into the thread: the run is over, and the task is where it is stuck
            return
        else:
            record.state, record.error = "failed", type(error).__name__
        record.end = stop
        self.open.pop(id(task), None)
        record.ref = None

    def _link(self, record: Record, awaited: Any) -> None:
        # `_children` (Lib/asyncio/tasks.py, _GatheringFuture): what gather waits for.
        for child in getattr(awaited, "_children", (awaited,)):
            if found := self.open.get(id(child)):
                found.waiter = record

    def note_cancel(self, record: Record | None, task: Any, now: Seconds) -> None:
        """Note the instant of Task.cancel: its future was cancelled just now, inside that call or by hand.

        A task that awaits this one may be where the cancellation was asked for: at the same instant.
        """
        while record is not None and task is not None and (asked := task.cancelling()) > record.cancelling:
            record.cancels += (now,) * (asked - record.cancelling)
            record.cancelling = asked
            record = record.waiter
            if record is None or record.ready is not None or record is self.running or record.ref is None:
                return
            task = record.ref()

    def stop(self, frozen: bool) -> Seconds:
        """End the recording now and return the instant; the tasks that are not done are stuck if it is frozen."""
        now = self.clock()
        self.live = False
        for birth in self.births:
            birth.record.times += birth.record.created, birth.record.created, now
        if self.running is not None:
            self.running.times += self.ready, self.begun, now
        for record in list(self.open.values()):
            task = record.ref() if record.ref else None
            if task is not None:
                record.name = task.get_name()
                record.state = "stuck" if frozen else "pending"
            record.ref = None
        self.open.clear()
        self.running = self.since = None
        return now


def _is_internal(coro: Any) -> bool:
    """Return whether a library made this task for itself: neither the coroutine nor who wants it is user code."""
    code = getattr(coro, "cr_code", None) or getattr(coro, "gi_code", None)
    if code is None or is_user_file(code.co_filename):
        return False
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and (
        frame.f_code.co_name in _MAKERS or frame.f_code.co_filename.startswith(_PACKAGE)
    ):
        frame = frame.f_back
    return frame is None or not is_user_file(frame.f_code.co_filename)
