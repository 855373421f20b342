"""The executor calls of a virtual run: which of them hold the clock, and when those asleep wake up."""

from __future__ import annotations

import heapq
import itertools
import math
import opcode
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from types import FrameType
from typing import Any

from grader import faketime
from grader.stopwatch import is_ready
from grader.timers import TURN

_WITH = opcode.opmap.get("BEFORE_WITH")  # the instruction that runs `__enter__`; gone in 3.14
_Spot = tuple[int, int]


class Job:
    """One executor call. As the clock of its thread it makes `time.sleep` a wait in virtual time."""

    def __init__(self, workers: Workers, number: int, pool: Executor) -> None:
        self._workers, self.number, self.pool = workers, number, pool
        self.state = "queued"  # then "working" or "asleep"
        self.thread: int | None = None
        self.native: int | None = None  # the system's number of that thread
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
        self._closed = False

    def submit(
        self, pool: Executor, func: Callable[..., Any], args: tuple[Any, ...]
    ) -> tuple[Job, Future[Any]]:
        """Submit a call and count it from now on, until `landed`."""
        job = Job(self, next(self._numbers), pool)
        threads = isinstance(pool, ThreadPoolExecutor)
        if not threads:
            job.state = "working"  # a process cannot tell when it starts, nor can it sleep on our clock
        with self._change:
            self._jobs[job.number] = job
        try:
            return job, pool.submit(self._work, job, func, args) if threads else pool.submit(func, *args)
        except BaseException:
            self.landed(job)
            raise

    def _work(self, job: Job, func: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        with self._change:
            job.state, job.thread = "working", threading.get_ident()
            job.native = threading.get_native_id()
        with faketime.playing(job):
            return func(*args)

    def landed(self, job: Job) -> None:
        """Note that a call is over. Safe from any thread."""
        with self._change:
            self._jobs.pop(job.number, None)
            self._change.notify_all()
        self._poke()

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
            return self._starting() or any(
                not job.spot or job.spot != before[job.number] or is_ready(job.native) for job in at_work
            )

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


class Boarding(Executor):
    """Stands between a loop and an executor for one call, so that the call is counted."""

    def __init__(self, workers: Workers, executor: Executor) -> None:
        self._workers, self._executor = workers, executor

    def submit(self, func: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Submit to the executor."""
        self._job, self._future = self._workers.submit(self._executor, func, args)
        return self._future

    def watch(self) -> None:
        """Count the call as over when it is, after asyncio's own callback has told the loop its result."""
        self._future.add_done_callback(lambda _: self._workers.landed(self._job))


def _waiting_spot(thread: int) -> _Spot | None:
    """Return where a thread waits for another: in `Condition.wait` (events, queues) or in `with lock:`."""
    frame = sys._current_frames().get(thread)
    if frame is None:
        return None
    code, at = frame.f_code, frame.f_lasti
    if code is threading.Condition.wait.__code__:
        waiter = frame.f_locals.get("waiter")
        waits = waiter is not None and waiter.locked()  # `notify` unlocks it
    else:
        waits = at >= 0 and code.co_code[at] == _WITH
    return (id(code), at) if waits else None
