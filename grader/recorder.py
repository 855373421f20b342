"""Recorder: notes what every task of a block does, waits for and costs, without changing it."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import weakref
from collections.abc import Iterator
from contextvars import Token
from time import perf_counter  # taken here, before a virtual run replaces it in the module
from types import TracebackType
from typing import Any, Self

from grader.clock import Stuck
from grader.shadows import Shadows
from grader.steps import MARK, MOST_SLICES, Log, Record, Seconds
from grader.watcher import Watcher

_recorded: weakref.WeakSet[asyncio.AbstractEventLoop] = weakref.WeakSet()


class TooManySlices(RuntimeError):
    """The block did more steps than a recording holds; what was recorded until then can still be shown."""


class Recorder:
    """Records the tasks of its `with` block, on the loop that runs it.

    The task that enters is number 0; every task that it makes, directly or not, is recorded, no other.
    Raises RuntimeError outside a task, on a loop that is recorded already, and at the end of the block
    (as TooManySlices) when it took more than 200 000 steps.
    """

    unstarted: list[str]

    def __init__(self) -> None:
        self.unstarted = []  # names of coroutines that were never awaited; whoever finds out writes them
        self._log: Log | None = None
        self._data: dict[str, Any] | None = None
        self._zero: Seconds = 0.0
        self._end: Seconds | None = None
        self._frozen = False

    def __enter__(self) -> Self:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError(
                "Timeline graba tareas: ábrela dentro de una corrutina o en una celda con await"
            )
        loop: Any = asyncio.get_running_loop()
        if loop in _recorded:
            raise RuntimeError("este bucle ya tiene un Timeline abierto: sal de él antes de abrir otro")
        if not hasattr(loop, "_call_soon"):
            raise RuntimeError(f"Timeline graba bucles de asyncio, y este es {type(loop).__module__}")
        virtual = getattr(loop, "virtual", False)
        self._log = log = Log(loop, loop.time if virtual else perf_counter, virtual)
        self._token: Token[object] = MARK.set(log.token)
        self._data, self._end, self._frozen = None, None, False
        _recorded.add(loop)
        log.freeze = self.freeze
        self._zero = log.clock()
        self._due_shift = 0.0 if virtual else loop.time() - self._zero
        self._open_root(log, task)
        self._shadows = Shadows(log)
        self._watcher = None if virtual else Watcher(log)
        if self._watcher:
            log.line_of = self._watcher.line_of
        else:
            loop.freeze_hooks.append(self.freeze)
        return self

    def _open_root(self, log: Log, task: asyncio.Task[Any]) -> None:
        root = log.add(task.get_coro())
        root.hidden = False
        log.bind(root, task)
        root.created = self._zero
        root.cancelling = task.cancelling()
        log.running, log.ready, log.begun, log.since = root, self._zero, self._zero, self._zero
        # The step that runs now has a handle which is not ours: a marker at the head of the queue
        # (`_ready`, Lib/asyncio/base_events.py) runs right after it.
        self._marker = asyncio.Handle(self._first_slice_ends, (), log.loop)
        log.loop._ready.appendleft(self._marker)

    def _first_slice_ends(self) -> None:
        log = self._log
        if log is not None and log.running is not None and log.running.ref is not None:
            log.finish(log.running, log.running.ref(), log.ready, log.begun)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        log = self._log
        assert log is not None
        if isinstance(error, Stuck):
            self.freeze()
        if log.live:
            self._stop(frozen=False)
            root = log.records[0]
            root.end = self._end
            root.state = "done"
            if error is not None:
                cancelled = isinstance(error, asyncio.CancelledError)
                root.state, root.error = (
                    ("cancelled", None) if cancelled else ("failed", type(error).__name__)
                )
        with contextlib.suppress(ValueError):  # left in another context than entered: nothing to put back
            MARK.reset(self._token)
        if log.full and error is None:
            raise TooManySlices(f"más de {MOST_SLICES} pasos: graba un trozo más corto")

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, trace)

    def freeze(self) -> None:
        """End the recording at this instant; tasks that are not done are stuck. Does nothing when it has ended."""
        if self._log is not None and self._log.live:
            self._stop(frozen=not self._log.full)

    def _stop(self, frozen: bool) -> None:
        log = self._log
        assert log is not None
        loop = log.loop
        if log.running is not None and not log.virtual:
            now = log.clock()
        self._end, self._frozen = log.stop(frozen), frozen
        self._shadows.remove()
        self._marker.cancel()
        _recorded.discard(loop)
        if self._watcher:
            self._watcher.stop()
        else:
            log.blocked = [dict(span) for span in loop.blocked if span["start"] >= self._zero]
            loop.freeze_hooks.remove(self.freeze)
        del self._shadows, self._marker
        log.loop = None

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Return a recording with the data that `to_dict` gave."""
        made = cls()
        made._data = copy.deepcopy(data)
        made.unstarted = made._data.get("unstarted", [])
        return made

    def to_dict(self) -> dict[str, Any]:
        """Return the recording as plain data that JSON can hold; instants in seconds since its start."""
        if self._data is not None:
            return copy.deepcopy(self._data) | {"unstarted": list(self.unstarted)}
        log = self._log
        end = self._end if self._end is not None else log.clock() if log else 0.0
        records = log.records if log else []
        return {
            "clock": "virtual" if log and log.virtual else "real",
            "end": self._since_start(end),
            "frozen": self._frozen,
            "tasks": [self._task(record, end) for record in records],
            "threads": [self._job(job, end) for job in log.jobs] if log else [],
            "blocked": [self._blocked(span, records) for span in log.blocked] if log else [],
            "unstarted": list(self.unstarted),
        }

    def _since_start(self, at: Seconds) -> float:
        return round(at - self._zero, 9)

    def _task(self, record: Record, end: Seconds) -> dict[str, Any]:
        name = record.name or record.coro
        times = [self._since_start(at) for at in record.times]
        slices = list(zip(*[iter(times)] * 3, strict=True))
        return {
            "id": record.id,
            "name": "main" if record.id == 0 and name.startswith("Task-") else name,
            "coro": record.coro,
            "parent": record.parent,
            "created": self._since_start(record.created),
            "hidden": record.hidden,
            "end": None if record.end is None else self._since_start(record.end),
            "state": record.state,
            "error": record.error,
            "cancels": [self._since_start(at) for at in record.cancels],
            "slices": [list(slice) for slice in slices],
            "waits": list(self._waits(record, slices)),
        }

    def _waits(self, record: Record, slices: list[tuple[float, ...]]) -> Iterator[dict[str, Any]]:
        last = None if record.ready is None else self._since_start(record.ready)
        ready = [*(times[0] for times in slices[1:]), last]
        for (kind, what, line, due), (_, _, stop), end in zip(record.waits, slices, ready, strict=False):
            yield {
                "start": stop,
                "end": None if end is None else max(end, stop),
                "kind": kind,
                "what": what,
                "line": line,
                "due": None if due is None else self._since_start(due - self._due_shift),
            }

    def _job(self, job: dict[str, Any], end: Seconds) -> dict[str, Any]:
        times = {
            key: None if job[key] is None or job[key] > end else self._since_start(job[key])
            for key in ("submitted", "started", "ended")
        }
        return {"func": job["func"], "task": job["task"]} | times

    def _blocked(self, span: dict[str, Any], records: list[Record]) -> dict[str, Any]:
        return span
