"""The log of a recording: what is known of each task of a loop, written down as its steps happen."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import weakref
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from itertools import pairwise
from types import FrameType
from typing import Any

from grader.loop.awaits import PACKAGE, is_user_file, read
from grader.loop.stuck import Stuck

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

Seconds = float  # of the recording's clock
_LATEST = 1e9  # seconds: a deadline beyond is as good as none


class Record:
    """One task: plain data and a weak reference, so that no task lives longer than it would unrecorded.

    times: ready, start and stop of each slice in one list, because a tuple for each would burden the garbage
    collector; waits[i]: what `read` said after slice i; it ended when slice i + 1 was made ready.
    """

    __slots__ = (
        "cancelling", "cancels", "cleaning", "coro", "created", "end", "error", "hidden", "id", "limits",
        "name", "parent", "ready", "ref", "state", "times", "waiter", "waits",
    )  # fmt: skip

    def __init__(self, number: int, coro: Any, parent: int | None, created: Seconds) -> None:
        self.id, self.parent, self.created = number, parent, created
        self.coro = str(getattr(coro, "__name__", "") or _NAMELESS.get(type(coro).__name__, ""))
        self.hidden = is_internal(coro)
        self.name: str | None = None
        self.ready: Seconds | None = None  # since when its next step is in the queue
        self.times: list[Seconds] = []
        self.waits: list[tuple[str, str, int | None, Seconds | None, tuple[str, ...]]] = []
        self.end: Seconds | None = None
        self.state = "pending"
        self.error: str | None = None
        self.cancels: tuple[tuple[Seconds, str], ...] = ()  # and who asked: see `_asker`
        self.limits: list[Limit] = []
        self.cleaning: Seconds | None = None  # the first of the cancellations that still held at the last one
        self.cancelling = 0  # Task.cancelling() when it was last looked at
        self.waiter: Record | None = None  # the task that awaits this one
        self.ref: TaskRef | None = None

    def task(self) -> Any:
        """Return the task while it is alive and not done, else None."""
        return self.ref and self.ref()

    def note_cancels(self, asked: int, now: Seconds | None, asker: str = "reader") -> None:
        """Note what Task.cancelling() is since `now`, None for an instant that is not known."""
        if now is not None and (more := asked - self.cancelling) > 0:
            self.cancels += ((now, asker),) * more
            self.cleaning = self.cancels[-asked:][0][0]
        self.cancelling = asked

    def to_dict(self, zero: Seconds, shift: Seconds) -> dict[str, Any]:
        """Return the record as plain data, in seconds since `zero`; shift: the loop's clock minus ours."""
        name = self.name or self.coro
        slices = self._slices(zero)
        return {
            "id": self.id,
            "name": "main" if self.id == 0 and name.startswith("Task-") else name,
            "coro": self.coro,
            "parent": self.parent,
            "created": round(self.created - zero, 9),
            "hidden": self.hidden,
            "end": None if self.end is None else round(self.end - zero, 9),
            "state": self.state,
            "error": self.error,
            "cancels": [round(at - zero, 9) for at, asker in self.cancels if asker == "reader"],
            "aborts": [round(at - zero, 9) for at, asker in self.cancels if asker == "asyncio"],
            "cleaning": None if self.cleaning is None else round(self.cleaning - zero, 9),
            "limits": [limit.to_dict(zero, shift) for limit in self.limits],
            "slices": slices,
            "waits": list(self._waits(slices, zero, shift)),
        }

    def _slices(self, zero: Seconds) -> list[list[float]]:
        instants = [round(at - zero, 9) for at in self.times]
        slices = [instants[i : i + 3] for i in range(0, len(instants), 3)]
        for before, after in pairwise(slices):
            after[0] = max(after[0], before[2])  # a task that yields is made ready in the step before
        return slices

    def _waits(self, slices: list[list[float]], zero: Seconds, shift: Seconds) -> Iterator[dict[str, Any]]:
        last = None if self.ready is None else round(self.ready - zero, 9)
        ends = [*(ready for ready, _, _ in slices[1:]), last]
        for (kind, what, line, due, within), (_, _, stop), end in zip(self.waits, slices, ends, strict=False):
            wait = {
                "start": stop,
                "end": None if end is None else max(end, stop),
                "kind": kind,
                "what": what,
                "line": line,
                "due": None if due is None else round(due - shift - zero, 9),
            }
            yield wait | {"within": list(within)} if within else wait


class Limit:
    """A timeout scope of the reader's code: its timer until it was left or expired. due: the loop's clock."""

    __slots__ = ("due", "end", "expired", "scope", "start", "timer")

    def __init__(self, start: Seconds, due: Seconds, timer: asyncio.TimerHandle, scope: Any) -> None:
        self.start, self.due, self.scope = start, due, scope
        self.timer: asyncio.TimerHandle | None = timer  # dropped at the end: it holds the task
        self.end: Seconds | None = None
        self.expired = False

    def look(self, now: Seconds, loop_time: Seconds) -> None:
        """Note whether the scope has ended, now that its task has made a step."""
        if self.timer is None:
            return
        own = isinstance(self.scope, asyncio.Timeout)
        expired = self.scope.expired() if own else self.due <= loop_time
        if expired or self.timer.cancelled():
            self.end, self.expired = now, expired
            self.timer = self.scope = None

    def to_dict(self, zero: Seconds, shift: Seconds) -> dict[str, Any]:
        """Return the scope as plain data, in seconds since `zero`."""
        return {
            "start": round(self.start - zero, 9),
            "due": round(min(self.due - shift - zero, _LATEST), 9),
            "end": None if self.end is None else round(self.end - zero, 9),
            "expired": self.expired,
        }


class TaskRef(weakref.ref[Any]):
    """A weak reference that knows under which key its object is kept."""

    __slots__ = ("key",)
    key: int


# How the loop closes a generator that was dropped halfway (`_asyncgen_finalizer_hook`).
_NAMELESS = {"async_generator_athrow": "aclose"}


def is_internal(coro: Any) -> bool:
    """Return whether a library makes this task for itself: neither coroutine nor maker is the user's code."""
    code = getattr(coro, "cr_code", None) or getattr(coro, "gi_code", None)
    if code is None or is_user_file(code.co_filename):
        return False
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and (
        frame.f_code.co_name in _MAKERS or frame.f_code.co_filename.startswith(PACKAGE)
    ):
        frame = frame.f_back
    return frame is None or not is_user_file(frame.f_code.co_filename)


BLOCKED_AFTER = 0.1  # seconds of one step on a real clock; 50 ms would paint the creation of 1000 tasks red
MOST_SLICES = 200_000

# What makes a task ours: it is made where this holds the recording's token. The token is not the recording,
# since a context lives as long as any task that copied it.
MARK: ContextVar[object] = ContextVar("grader_recording", default=None)

# Between Task.cancel and the loop that queues the task again: what is asked for, not who asks.
_PASSES_ON = {"_call_soon", "call_soon", "cancel", "note_cancel", "_asker"}
_ASYNCIO = os.path.join(os.path.dirname(asyncio.__file__), "")


class Birth:
    """A call of create_task that may run the first slice of the new task before it returns."""

    __slots__ = ("eager", "maker", "outer", "record")

    def __init__(self, record: Record, outer: Any, maker: FrameType) -> None:
        self.record, self.outer, self.maker, self.eager = record, outer, maker, False


class Log:
    """The recording of one loop.

    running: the record whose slice is open, made ready at `ready` and begun at `begun`; since: from when on
    nobody else could run (the watcher reads it); line_of(start, stop): which line blocked the loop then;
    waited(start): for how long the loop's thread has been ready and without a processor since then; freeze:
    ends the recording.
    """

    __slots__ = (
        "begun", "births", "blocked", "clock", "freeze", "full", "jobs", "left", "limit", "line_of",
        "live", "loop", "making", "open", "ready", "records", "running", "since", "token", "virtual",
        "waited",
    )  # fmt: skip

    def __init__(
        self, loop: Any, clock: Callable[[], Seconds], virtual: bool, freeze: Callable[[], None]
    ) -> None:
        self.loop, self.clock, self.virtual, self.freeze = loop, clock, virtual, freeze
        self.token = object()
        self.live, self.full, self.left = True, False, MOST_SLICES
        self.records: list[Record] = []
        self.open: dict[int, Record] = {}  # by id(task); who ends or dies is taken out
        self.births: list[Birth] = []  # innermost last
        self.making = 0  # calls of create_task that run nothing of the new task
        self.running: Record | None = None
        self.ready: Seconds | None = None
        self.begun: Seconds = 0.0
        self.since: Seconds | None = None
        self.limit: Seconds = BLOCKED_AFTER
        self.blocked: list[dict[str, Any]] = []
        self.jobs: list[dict[str, Any]] = []
        self.line_of: Callable[[Seconds, Seconds], int | None] = lambda start, stop: None
        self.waited: Callable[[Seconds], Seconds] = lambda start: 0.0

    def add(self, coro: Any) -> Record:
        """Return the record of a new task, a child of the one that runs."""
        parent = self.current()
        record = Record(len(self.records), coro, None if parent is None else parent.id, self.clock())
        self.records.append(record)
        return record

    def bind(self, record: Record, task: Any) -> None:
        """Say which task the record is about."""
        record.ref = ref = TaskRef(task, self._forget)
        ref.key = id(task)
        self.open[ref.key] = record

    def _forget(self, ref: TaskRef) -> None:
        """Note that a task was collected before it ended: nobody held it."""
        record = self.open.pop(ref.key, None)
        if record is not None and self.live:
            record.state, record.end = "collected", self.clock()

    def current(self) -> Record | None:
        """Return the record of the task that runs now, if it is one of ours."""
        if not self.births:
            return self.running
        task = asyncio.current_task(self.loop)
        birth = self.births[-1]
        return self.open.get(id(task)) or (birth.record if task is not birth.outer else None)

    def adopt(self, task: Any, callback: Any, context: Any) -> Record | None:
        """Return the record of a task seen for the first time, or None if it is none of ours."""
        birth = self.births[-1] if self.births else None
        first = getattr(callback, "__name__", "__step") == "__step"  # C's step has no name, its wake-up has
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

    def conceive(self, coro: Any, maker: FrameType) -> Birth:
        """Note a call of create_task; what the new task does before it returns belongs to the new task."""
        birth = Birth(self.add(coro), asyncio.current_task(self.loop), maker)
        self.births.append(birth)
        return birth

    def abandon(self, birth: Birth) -> None:
        """Note that create_task has failed: there is no such task."""
        self.births.remove(birth)
        self.records.remove(birth.record)

    def deliver(self, birth: Birth, task: Any) -> None:
        """Note that create_task has returned; the first slice of an eager task is over by then."""
        self.births.remove(birth)
        record = birth.record
        if record.ref is None and self.live and asyncio.isfuture(task) and id(task) not in self.open:
            birth.eager = True
            self.bind(record, task)
        if not birth.eager or not self.live:
            return
        outer, since, noted = self.running, self.since, len(self.blocked)
        self.since = record.created
        self.finish(record, task, record.created, record.created)
        if task.done() and str(birth.maker.f_globals.get("__name__")).startswith("asyncio."):
            # asyncio.create_task (Lib/asyncio/tasks.py) and TaskGroup's name it only now (up to 3.12).
            record.name = birth.maker.f_locals.get("name") or record.name
        if self.live:
            self.running, self.since = outer, since if len(self.blocked) == noted else self.clock()

    def finish(self, record: Record, task: Any, ready: Seconds, start: Seconds) -> None:
        """Close a slice of a task: what it waits for now, or how it ended."""
        stop = self.clock()
        record.times += ready, start, stop
        if stop - self.since >= self.limit:  # type: ignore[operator]
            self.note_blocked(record, self.since, stop)  # type: ignore[arg-type]
        self.running = self.since = None
        if record.cancelling != (asked := task.cancelling()):
            # On a virtual clock nothing lies between: that was the instant.
            record.note_cancels(asked, stop if ready == stop else None)
        if record.limits:
            loop_time = self.loop.time()
            for limit in record.limits:
                limit.look(stop, loop_time)
        if task.done():
            self._end(record, task, stop)
        else:
            if record.name is None:  # not at its creation: asyncio.create_task names a task after making it
                record.name = task.get_name()
            wait = read(task)
            record.waits.append(wait)
            if wait[0] == "task":
                self._link(record, task._fut_waiter)
        self.left -= 1
        if self.left <= 0:
            self.full = True
            self.freeze()

    def note_blocked(self, record: Record | None, start: Seconds, stop: Seconds) -> None:
        """Note that nobody else could run between the two instants, unless a busy machine is to blame."""
        if self.waited(start) > (stop - start) / 2:
            return
        number = record.id if record else None
        self.blocked.append({"start": start, "end": stop, "task": number, "line": self.line_of(start, stop)})

    def _end(self, record: Record, task: Any, stop: Seconds) -> None:
        record.name = task.get_name()
        # `_exception` (Modules/_asynciomodule.c, Future getset): exception() would count as retrieving it.
        error = task._exception
        if isinstance(error, Stuck):
            self.freeze()  # the error was thrown into the thread: the run is over, and this task is stuck
            return
        record.state = "cancelled" if task.cancelled() else "done" if error is None else "failed"
        record.error = type(error).__name__ if record.state == "failed" else None
        record.end = stop
        self.open.pop(id(task), None)
        record.ref = None

    def _link(self, record: Record, awaited: Any) -> None:
        # `_children` (Lib/asyncio/tasks.py, _GatheringFuture): what gather waits for.
        for child in getattr(awaited, "_children", (awaited,)):
            if found := self.open.get(id(child)):
                found.waiter = record

    def note_limit(self, due: Seconds, timer: asyncio.TimerHandle, scope: Any) -> None:
        """Note that the task which runs enters a timeout scope, or moves its deadline."""
        record = self.current()
        if record is None or not _is_readers(sys._getframe(1)):
            return
        for limit in record.limits:
            if limit.scope is scope and limit.timer is not None:
                limit.due, limit.timer = due, timer
                return
        record.limits.append(Limit(self.clock(), due, timer, scope))

    def note_cancel(self, record: Record | None, task: Any, now: Seconds) -> None:
        """Note the instant of Task.cancel, if it is what just cancelled the future that the task waits for.

        Task.cancel of a task that awaits another passes on to that one: then it was asked for there, now too.
        """
        asker = _asker()
        while record is not None and task is not None and (asked := task.cancelling()) > record.cancelling:
            outer = record.waiter
            last = outer is None or outer.ready is not None or outer is self.running
            by = "asyncio" if asker == "timeout" and not last else asker  # who is awaited in its scope
            record.note_cancels(asked, None if asker == "group" else now, by)
            if outer is None or last:
                return
            record, task = outer, outer.task()

    def stop(self, frozen: bool) -> Seconds:
        """End the recording now and return the instant; tasks that are not done are stuck if it is frozen."""
        now = self.clock()
        self.live = False
        if self.running is not None and self.since is not None:
            self.running.times += now if self.ready is None else self.ready, self.begun, now
            if now - self.since >= self.limit:
                self.note_blocked(self.running, self.since, now)
        state = "stuck" if frozen else "pending"
        for birth in self.births:
            if birth.record.ref is None:  # an eager task, still in its first slice
                birth.record.times += birth.record.created, birth.record.created, now
                birth.record.state = state
        for record in list(self.open.values()):
            if (task := record.task()) is not None:
                record.name, record.state = task.get_name(), state
            record.ref = None
        self.open.clear()
        loop_time = self.loop.time()
        for limit in (limit for record in self.records for limit in record.limits):
            limit.look(now, loop_time)
            limit.timer = limit.scope = None
        self.running = self.since = None
        return now


def _asker() -> str:
    """Return who calls Task.cancel: the "reader", whose code is the notebook's, or a "library".

    Or asyncio: a "timeout" its own scope, a "group" its own body; else, as a group its tasks, "asyncio".
    """
    frame: FrameType | None = sys._getframe()
    while frame is not None and frame.f_code.co_name in _PASSES_ON:
        frame = frame.f_back
    if frame is None:
        return "library"
    file, name = frame.f_code.co_filename, frame.f_code.co_name
    if file.startswith(_ASYNCIO):
        # `Timeout._on_timeout` (Lib/asyncio/timeouts.py), `TaskGroup._on_task_done` (taskgroups.py)
        return {"_on_timeout": "timeout", "_on_task_done": "group"}.get(name, "asyncio")
    return "reader" if is_user_file(file) else "library"


def _is_readers(frame: FrameType | None) -> bool:
    """Return whether asyncio is called by the reader's code, not by another library."""
    own = (PACKAGE, _ASYNCIO, contextlib.__file__)
    while frame is not None and frame.f_code.co_filename.startswith(own):
        frame = frame.f_back
    return frame is not None and is_user_file(frame.f_code.co_filename)
