"""The executor calls of a virtual run: which hold the clock, when sleepers wake up, when outcomes come."""

from __future__ import annotations

import functools
import heapq
import itertools
import linecache
import math
import re
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from time import process_time
from types import FrameType
from typing import Any

from grader.loop import patched_time
from grader.loop.stopwatch import is_ready

TURN = 0.05  # seconds of real time between two looks at the threads at work
# CPU seconds that an outcome waits for calls still at work, so that outcomes arrive in the order of their
# submission. It ends for the rare call that works until the outcome of another one has been seen.
_PATIENCE = 0.2
_STATUS = re.compile(r"^(State|\w*voluntary_ctxt_switches):\s*(\w+)", re.MULTILINE)
# Where a frame may wait for a lock: a whole `with` (up to 3.12) or what it enters, or a call of `acquire`.
_LOCKING = re.compile(r"with\b|[\w.]+(\[[\w.]+\])?$|[\w.\[\]]+\.acquire\(")
_system_tells = False  # whether this kernel has ever told where a thread waits
_Outcome = Callable[[Future[Any]], None]
_Spot = tuple[object, ...]


class Job:
    """One executor call. As the clock of its thread it makes `time.sleep` a wait in virtual time.

    number: its place in the order of submission; tell: is given the call's future when the call is over.
    """

    def __init__(self, workers: Workers, number: int, pool: Executor, tell: _Outcome) -> None:
        self._workers, self.number, self.pool, self.tell = workers, number, pool, tell
        self.state = "queued"  # then "working" or "asleep"
        self.thread: threading.Thread | None = None
        self.spot: _Spot | None = None
        self.wake = threading.Event()

    def time(self) -> float:
        """Return virtual seconds."""
        return self._workers.now()

    def play_sleep(self, seconds: float, frame: FrameType) -> None:
        """Sleep in virtual time."""
        self._workers.sleep(self, seconds)

    def note_wall_read(self, name: str, frame: FrameType) -> None:
        """Nothing to note: the clock of a thread that may block is the thread's own affair."""


class Workers:
    """The executor calls of one loop.

    now: tells the virtual time; due: the instant at which a sleep of some seconds that begins now ends;
    poke: wakes the loop, from any thread.
    """

    def __init__(
        self, now: Callable[[], float], due: Callable[[float], float], poke: Callable[[], None]
    ) -> None:
        self.now, self._due, self._poke = now, due, poke
        self._change = threading.Condition()
        self._numbers = itertools.count()
        self._jobs: dict[int, Job] = {}
        self._asleep: list[tuple[float, int]] = []
        self._over: list[tuple[int, _Outcome, Future[Any]]] = []
        self._over_since = 0.0  # CPU seconds of this process when the first of these was over
        self._closed = False

    def submit(
        self, pool: Executor, func: Callable[..., Any], args: tuple[Any, ...], tell: _Outcome
    ) -> Future[Any]:
        """Submit a call and count it until it is over; then `outcomes` has what tells its future."""
        job = Job(self, next(self._numbers), pool, tell)
        threads = isinstance(pool, ThreadPoolExecutor)
        if not threads:
            job.state = "working"  # a process cannot tell when it starts, nor can it sleep on our clock
        with self._change:
            self._jobs[job.number] = job
        try:
            future = pool.submit(self._work, job, func, args) if threads else pool.submit(func, *args)
        except BaseException:
            self._jobs.pop(job.number)
            raise
        future.add_done_callback(lambda future: self._end(job, future))
        return future

    def _work(self, job: Job, func: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        with self._change:
            job.state, job.thread = "working", threading.current_thread()
        with patched_time.playing(job):
            return func(*args)

    def _end(self, job: Job, future: Future[Any]) -> None:
        with self._change:
            del self._jobs[job.number]
            if not self._over:
                self._over_since = process_time()
            self._over.append((job.number, job.tell, future))
            self._change.notify_all()
        self._poke()

    def outcomes(self) -> list[Callable[[], None]]:
        """Return what tells the outcomes of the calls that are over, in the order of their submission.

        Threads and processes end in any order: a loop that asks when nothing else can run gives its program
        the same order in every run.
        """
        with self._change:
            over, self._over = sorted(self._over, key=lambda call: call[0]), []
        return [functools.partial(tell, future) for _, tell, future in over]

    def impatient(self) -> bool:
        """Tell whether an outcome has waited for the calls at work for too long."""
        return bool(self._over) and process_time() - self._over_since > _PATIENCE

    def sleep(self, job: Job, seconds: float) -> None:
        """Let the calling thread sleep for virtual seconds. Once the loop is closed this ends its call."""
        with self._change:
            if self._closed:
                raise SystemExit  # quiet in a thread; real sleeps would keep it alive long after its run
            job.state = "asleep"
            job.wake.clear()
            heapq.heappush(self._asleep, (self._due(seconds), job.number))
            self._change.notify_all()
        self._poke()
        job.wake.wait()
        if self._closed:
            raise SystemExit

    def next_wake(self) -> float:
        """Return the instant at which the first sleeper wakes up; infinite if nobody sleeps."""
        return self._asleep[0][0] if self._asleep else math.inf

    def wake_one(self) -> None:
        """Wake the first sleeper, of several at one instant the one submitted first.

        One at a time, so that what threads do at one instant has the same order in every run.
        """
        with self._change:
            job = self._jobs[heapq.heappop(self._asleep)[1]]
            job.state = "working"
            job.wake.set()

    def any_left(self) -> bool:
        """Tell whether any call is not over."""
        return bool(self._jobs)

    def at_work(self) -> bool:
        """Tell whether a thread or process is at work or about to start: then virtual time stands still."""
        if not self._jobs:
            return False
        with self._change:
            return self._starting() or any(self._look(job) for job in self._jobs.values())

    def moved_on(self) -> bool:
        """Tell, a turn after `at_work` and with the loop idle in between, whether a thread really works.

        One that has been waiting for another thread all the time may wait for virtual time to pass: for a
        task that sets its event, for a lock whose owner sleeps. Not so one that was woken and only waits for
        a processor.
        """
        if not self._jobs:
            return False
        with self._change:
            before = {number: job.spot for number, job in self._jobs.items()}
            at_work = [job for job in self._jobs.values() if self._look(job)]
            return self._starting() or any(not job.spot or job.spot != before[job.number] for job in at_work)

    def _look(self, job: Job) -> bool:
        working = job.state == "working"
        job.spot = _waiting_spot(job.thread) if working and job.thread else None
        return working

    def _starting(self) -> bool:
        # ThreadPoolExecutor._max_workers (Lib/concurrent/futures/thread.py, `__init__`): a call that waits
        # for a thread of a pool whose threads all sleep must not hold the clock, or they would never wake up.
        busy: dict[Executor, int] = {}
        for job in self._jobs.values():
            busy[job.pool] = busy.get(job.pool, 0) + (job.state != "queued")
        return any(
            job.state == "queued" and busy[job.pool] < job.pool._max_workers  # type: ignore[attr-defined]
            for job in self._jobs.values()
        )

    def settle(self, check: Callable[[], None]) -> None:
        """Wait in real time until no thread holds the clock; check is called every turn and may raise."""
        with self._change:
            held = self.at_work()
            while held:
                changed = self._change.wait(TURN)
                check()
                held = self.at_work() if changed else self.moved_on()

    def close(self) -> None:
        """Wake every sleeper and end its call: the run is over."""
        with self._change:
            self._closed = True
            for job in self._jobs.values():
                job.wake.set()


def _waiting_spot(thread: threading.Thread) -> _Spot | None:
    """Return where a thread waits for another one, and since when; None if it does not, as far as one sees.

    The system knows; where it does not tell, the thread's Python frame does for the usual locks.
    """
    if is_ready(thread.native_id):
        return None
    try:
        return _system_spot(thread.native_id)
    except OSError:
        return _frame_spot(sys._current_frames().get(thread.ident or 0))


def _system_spot(native_id: int | None) -> _Spot | None:
    """Ask Linux: all locks of Python are futexes there. Raises OSError where the system does not tell.

    A thread that wants the GIL waits on a futex, too, but looks again every few milliseconds: its switches
    are counted.
    """
    global _system_tells
    folder = f"/proc/self/task/{native_id}"
    with open(f"{folder}/wchan", encoding="ascii") as file:
        place = file.read()
    with open(f"{folder}/status", encoding="utf-8", errors="replace") as file:
        state, *switches = (value for _, value in _STATUS.findall(file.read()))
    if state != "S":
        return None
    if place in ("", "0"):  # about to sleep but still with a processor, or the kernel keeps it to itself
        if _system_tells:
            return None
        raise OSError("no wchan")
    _system_tells = True
    return (place, *switches) if place.startswith("futex") else None


def _frame_spot(frame: FrameType | None) -> _Spot | None:
    if frame is None:
        return None
    code, at = frame.f_code, frame.f_lasti
    if code is threading.Condition.wait.__code__:
        waiter = frame.f_locals.get("waiter")
        waits = waiter is not None and waiter.locked()  # `notify` unlocks it
    else:
        waits = _LOCKING.match(_text_at(frame)) is not None
    return (id(code), at) if waits else None


def _text_at(frame: FrameType) -> str:
    """Return the source of what a frame is at, as far as its first line holds it; "" if nobody knows."""
    index = frame.f_lasti // 2
    spans = itertools.islice(frame.f_code.co_positions(), max(index, 0), None)
    line, last_line, start, end = next(spans, (None,) * 4)
    if line is None or start is None:
        return ""
    source = linecache.getline(frame.f_code.co_filename, line, frame.f_globals).encode()
    return source[start : end if line == last_line else None].decode(errors="replace").strip()
