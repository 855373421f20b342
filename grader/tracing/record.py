"""What is known of one recorded task."""

from __future__ import annotations

import sys
import weakref
from collections.abc import Iterator
from itertools import pairwise
from types import FrameType
from typing import Any

from grader.loop.chain import PACKAGE, is_user_file

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


class Record:
    """One task: plain data and a weak reference, so that no task lives longer than it would unrecorded.

    times: ready, start and stop of each slice in one list, because a tuple for each would burden the garbage
    collector; waits[i]: what `read` said after slice i; it ended when slice i + 1 was made ready.
    """

    __slots__ = (
        "cancelling", "cancels", "cleaning", "coro", "created", "end", "error", "hidden", "id", "name",
        "parent", "ready", "ref", "state", "times", "waiter", "waits",
    )  # fmt: skip

    def __init__(self, number: int, coro: Any, parent: int | None, created: Seconds) -> None:
        self.id, self.parent, self.created = number, parent, created
        self.coro = str(getattr(coro, "__name__", "") or _NAMELESS.get(type(coro).__name__, ""))
        self.hidden = is_internal(coro)
        self.name: str | None = None
        self.ready: Seconds | None = None  # since when its next step is in the queue
        self.times: list[Seconds] = []
        self.waits: list[tuple[str, str, int | None, Seconds | None]] = []
        self.end: Seconds | None = None
        self.state = "pending"
        self.error: str | None = None
        self.cancels: tuple[Seconds, ...] = ()
        self.cleaning: Seconds | None = None  # the first of the cancellations that still held at the last one
        self.cancelling = 0  # Task.cancelling() when it was last looked at
        self.waiter: Record | None = None  # the task that awaits this one
        self.ref: TaskRef | None = None

    def task(self) -> Any:
        """Return the task while it is alive and not done, else None."""
        return self.ref and self.ref()

    def note_cancels(self, asked: int, now: Seconds | None) -> None:
        """Note what Task.cancelling() is since `now`, None for no instant to draw."""
        if now is not None and (more := asked - self.cancelling) > 0:
            self.cancels += (now,) * more
            self.cleaning = self.cancels[-asked:][0]
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
            "cancels": [round(at - zero, 9) for at in self.cancels],
            "cleaning": None if self.cleaning is None else round(self.cleaning - zero, 9),
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
        for (kind, what, line, due), (_, _, stop), end in zip(self.waits, slices, ends, strict=False):
            yield {
                "start": stop,
                "end": None if end is None else max(end, stop),
                "kind": kind,
                "what": what,
                "line": line,
                "due": None if due is None else round(due - shift - zero, 9),
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
