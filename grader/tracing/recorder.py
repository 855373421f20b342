"""Records what every task of a block does, waits for and costs, without changing it."""

from __future__ import annotations

import asyncio
import contextlib
import math
import sys
import threading
import weakref
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextvars import Token
from time import perf_counter  # taken here, before a virtual run replaces it in its module
from types import FrameType, TracebackType
from typing import Any, Self

from grader.loop.awaits import is_user_file
from grader.loop.stopwatch import delay_of
from grader.loop.stuck import Stuck
from grader.tracing.instrument import Shadows
from grader.tracing.log import BLOCKED_AFTER, MARK, MOST_SLICES, Log, Record, Seconds

_MOST_SAMPLES = 2000


class Watcher:
    """Samples the thread that makes it while one step of its loop takes long; it only looks.

    is_own: tells whose lines are told, by their file; a step with lines of others only is seen as line 0.
    """

    def __init__(self, log: Log, is_own: Callable[[str], bool] = is_user_file) -> None:
        self._log, self._is_own = log, is_own
        self._thread_id, self._native = threading.get_ident(), threading.get_native_id()
        self._samples: deque[tuple[Seconds, int]] = deque(maxlen=_MOST_SAMPLES)
        self._delays = deque([(log.clock(), delay_of(self._native))], maxlen=_MOST_SAMPLES)
        self._over = threading.Event()
        threading.Thread(target=self._watch, name="grader-watcher", daemon=True).start()

    def stop(self) -> None:
        """End the thread at its next look, without waiting for it."""
        self._over.set()

    def line_of(self, start: Seconds, stop: Seconds) -> int | None:
        """Return the line of user code that was seen most often between the two instants."""
        lines = Counter(line for at, line in list(self._samples) if start <= at <= stop)
        return lines.most_common(1)[0][0] if lines else None

    def waited(self, start: Seconds) -> Seconds:
        """Return how long the thread has waited for a processor since `start`, or a little before."""
        before = next(
            (delay for at, delay in reversed(list(self._delays)) if at <= start), self._delays[0][1]
        )
        return delay_of(self._native) - before

    def _watch(self) -> None:
        while not self._over.wait(self._log.limit / 2):
            self._delays.append((self._log.clock(), delay_of(self._native)))
            since, now = self._log.since, self._log.clock()
            if since is not None and now - since >= self._log.limit / 2:
                line = _line_in_step(sys._current_frames().get(self._thread_id), self._is_own)
                if line is not None:
                    self._samples.append((now, line))


def _line_in_step(frame: FrameType | None, is_own: Callable[[str], bool]) -> int | None:
    lines = []
    # `Handle._run` (Lib/asyncio/events.py) runs every step: whoever runs the loop is no part of it.
    while frame is not None and frame.f_code is not asyncio.Handle._run.__code__:
        if is_user_file(file := frame.f_code.co_filename):
            lines.append(frame.f_lineno)
            if is_own(file):
                return lines[0]
        frame = frame.f_back
    return 0 if lines else None


_recorded: weakref.WeakSet[asyncio.AbstractEventLoop] = weakref.WeakSet()


class TooManySlices(RuntimeError):
    """The block took more steps than a recording holds; what was recorded until then can still be shown."""


class Recorder:
    """Records the tasks of its `with` block, on the loop that runs it.

    The task that enters is number 0; every task that it makes, directly or not, is recorded, no other. After
    200 000 steps the recording ends (`full`). Raises RuntimeError outside a task, on a loop that is recorded
    already, and, as TooManySlices, at the end of a block on a real clock that was too long.
    blocked_after: from how many seconds on, on a real clock, a step blocks the loop. is_own: tells
    whose lines are told, by their file; where only others do so (a test's own may) it is told as line 0.
    """

    def __init__(
        self, *, blocked_after: float = BLOCKED_AFTER, is_own: Callable[[str], bool] = is_user_file
    ) -> None:
        self._blocked_after, self._is_own = blocked_after, is_own
        self.unstarted: list[str] = []  # names of coroutines never awaited: for who finds out to fill in
        self._log: Log | None = None
        self._data: dict[str, Any] | None = None  # of a recording that was read back
        self._end: Seconds | None = None
        self._frozen = False

    def __enter__(self) -> Self:
        loop: Any = asyncio.get_running_loop()
        task = asyncio.current_task()
        if self._log is not None or self._data is not None:
            raise RuntimeError("este Timeline ya está grabado: crea otro con Timeline()")
        if task is None:
            raise RuntimeError("Timeline graba tareas: ábrelo en una corrutina o en una celda con await")
        if loop in _recorded:
            raise RuntimeError("este bucle ya tiene un Timeline abierto: sal de él antes de abrir otro")
        if not hasattr(loop, "_call_soon"):
            raise RuntimeError(f"Timeline solo graba bucles de asyncio, y este es de {type(loop).__module__}")
        virtual = bool(getattr(loop, "virtual", False))
        self._log = log = Log(loop, loop.time if virtual else perf_counter, virtual, self.freeze)
        log.limit = math.inf if virtual else self._blocked_after  # a virtual loop notes itself what blocks it
        self._token: Token[object] | None = MARK.set(log.token)
        _recorded.add(loop)
        self._zero: Seconds = log.clock()
        self._due_shift = 0.0 if virtual else loop.time() - self._zero
        self._open_root(log, task)
        self._shadows = Shadows(log)
        self._watch(log)
        return self

    def _watch(self, log: Log) -> None:
        self._watcher = None if log.virtual else Watcher(log, self._is_own)
        if self._watcher:
            log.line_of, log.waited = self._watcher.line_of, self._watcher.waited
        else:
            log.blocked = log.loop.blocked  # noted by the loop, also before and after the block
            log.loop.freeze_hooks.append(self.freeze)

    def _open_root(self, log: Log, task: asyncio.Task[Any]) -> None:
        root = log.add(task.get_coro())
        log.bind(root, task)
        root.created, root.hidden, root.cancelling = self._zero, False, task.cancelling()
        log.running, log.ready, log.begun, log.since = root, self._zero, self._zero, self._zero
        # The step that runs now has a handle which is not ours: a marker at the head of the queue
        # (`_ready`, Lib/asyncio/base_events.py) runs right after it.
        self._marker = asyncio.Handle(_close_first_slice, (log,), log.loop)
        log.loop._ready.appendleft(self._marker)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        log = self._log
        assert log is not None
        if isinstance(error, Stuck):
            self.freeze()
        if log.live:
            self._stop(frozen=False)
            root, cancelled = log.records[0], isinstance(error, asyncio.CancelledError)
            root.end = self._end
            root.state = "cancelled" if cancelled else "done" if error is None else "failed"
            root.error = type(error).__name__ if root.state == "failed" else None
        if self._token is not None:
            with contextlib.suppress(ValueError):  # left in another context than entered: nothing to put back
                MARK.reset(self._token)
            self._token = None
        if log.full and error is None and not log.virtual:  # a virtual run never fails for its picture
            raise TooManySlices(f"más de {MOST_SLICES} pasos: graba un trozo más corto")

    @property
    def full(self) -> bool:
        """Whether the recording ended before its block, because it had grown too long."""
        return self._log is not None and self._log.full

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, trace)

    def freeze(self) -> None:
        """End the recording now; tasks that are not done are stuck. Does nothing outside the block."""
        if self._log is not None and self._log.live:
            self._stop(frozen=not self._log.full)

    def _stop(self, frozen: bool) -> None:
        log = self._log
        assert log is not None
        self._end, self._frozen = log.stop(frozen), frozen
        self._shadows.remove()
        self._marker.cancel()
        _recorded.discard(log.loop)
        if self._watcher:
            self._watcher.stop()
        else:
            with contextlib.suppress(ValueError):
                log.loop.freeze_hooks.remove(self.freeze)
        end = self._end
        del self._shadows, self._marker, self._watcher
        log.loop, log.clock = None, lambda: end  # a loop that is closed shall not live on in its picture

    @classmethod
    def from_dict(cls, data: dict[str, Any] | None) -> Self:
        """Return the recording that `to_dict` described; None stands for one in which nothing happened."""
        made = cls()
        made._data = made.to_dict() if data is None else data
        made.unstarted = list(made._data.get("unstarted", ()))
        return made

    def to_dict(self) -> dict[str, Any]:
        """Return the recording as plain data that JSON can hold; instants in seconds since its start."""
        unstarted = list(self.unstarted)
        if self._data is not None:
            return self._data | {"unstarted": unstarted}
        log = self._log
        if log is None:
            nothing: dict[str, Any] = {"clock": "real", "end": 0.0, "frozen": False}
            return nothing | {"tasks": [], "threads": [], "blocked": [], "unstarted": unstarted}
        end = log.clock() if self._end is None else self._end
        return {
            "clock": "virtual" if log.virtual else "real",
            "end": self._instant(end),
            "frozen": self._frozen,
            "tasks": [record.to_dict(self._zero, self._due_shift) for record in log.records],
            "threads": [self._job(job, end) for job in log.jobs],
            "blocked": list(self._blocked(log, end)),
            "unstarted": unstarted,
        }

    def _instant(self, at: Seconds) -> float:
        return round(at - self._zero, 9)

    def _job(self, job: dict[str, Any], end: Seconds) -> dict[str, Any]:
        instants = ("submitted", "started", "ended")
        seen = {
            key: None if job[key] is None or job[key] > end else self._instant(job[key]) for key in instants
        }
        return {"func": job["func"], "task": job["task"], "kind": job["kind"]} | seen

    def _blocked(self, log: Log, end: Seconds) -> Iterator[dict[str, Any]]:
        spans = [span for span in log.blocked if self._zero <= span["start"] < end]
        steps = _long_steps(log.records) if log.virtual and spans else []
        for span in spans:
            start, stop = span["start"], min(span["end"], end)
            owners = [step for step in steps if step[1] <= start and stop <= step[2]]
            yield {
                "start": self._instant(start),
                "end": self._instant(stop),
                "task": min(owners)[3] if owners else None if log.virtual else span["task"],
                "line": span["line"],
            }


def _close_first_slice(log: Log) -> None:
    if log.running is not None and (task := log.running.task()) is not None:
        log.finish(log.running, task, log.begun, log.begun)


def _long_steps(records: list[Record]) -> list[tuple[Seconds, Seconds, Seconds, int]]:
    """Return length, start, stop and task of each step in which a virtual clock moved."""
    steps = [
        (start, stop, record.id)
        for record in records
        for start, stop in zip(record.times[1::3], record.times[2::3], strict=True)
    ]
    return [(stop - start, start, stop, number) for start, stop, number in steps if stop > start]
