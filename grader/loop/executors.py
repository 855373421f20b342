"""The threads of a virtual run: which hold the clock, when sleepers wake up, when outcomes come.

Most are of executor calls that the loop was asked for. A thread that the program starts itself, and a call
that it hands to a pool past the loop, are counted in the same way.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import functools
import heapq
import itertools
import linecache
import math
import re
import sys
import threading
from collections.abc import Callable, Iterator
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
# What starts threads for itself: they idle for long, and their work is counted where it is handed to them.
_MACHINERY = re.compile(r"(asyncio|concurrent|multiprocessing|grader)\.")
_INTERPRETERS: Any = getattr(concurrent.futures, "InterpreterPoolExecutor", ())  # from 3.14
_Outcome = Callable[[Future[Any]], None]
_Spot = tuple[object, ...]


class Job:
    """One executor call, or a whole thread. As its thread's clock it makes `time.sleep` a virtual wait.

    number: its place in the order of submission; pool: an Executor, None of a thread of the program's own.
    """

    def __init__(self, workers: Workers, number: int, pool: Any) -> None:
        self._workers, self.number, self.pool = workers, number, pool
        self.state = "queued"  # then "working" or "asleep", a whole thread at last "ending"
        self.thread: threading.Thread | None = None
        self.spot: _Spot | None = None
        self.parked: _Spot | None = None  # of a whole thread: where it was seen to wait for others
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
        job, future = self._hand_over(pool.submit, pool, func, args)
        future.add_done_callback(lambda future: self._end(job, tell, future))
        return future

    def submit_past(
        self,
        submit: Callable[..., Future[Any]],
        pool: Executor,
        func: Callable[..., Any],
        args: tuple[Any, ...],
    ) -> Future[Any]:
        """Do what `submit`, a method of the pool, does, and count the call until its callbacks have run."""

        def last(future: Future[Any]) -> None:
            # Future._invoke_callbacks (Lib/concurrent/futures/_base.py) goes through the list while others,
            # which may wake the loop, stand behind this one. Later ones are called by who adds them.
            if added:
                future._done_callbacks.append(lambda future: self._leave(job))  # type: ignore[attr-defined]
            else:
                self._leave(job)

        added = False
        job, future = self._hand_over(functools.partial(submit, pool), pool, func, args)
        future.add_done_callback(last)
        added = True
        return future

    def _hand_over(
        self,
        submit: Callable[..., Future[Any]],
        pool: Executor,
        func: Callable[..., Any],
        args: tuple[Any, ...],
    ) -> tuple[Job, Future[Any]]:
        job = Job(self, next(self._numbers), pool)
        threads = isinstance(pool, ThreadPoolExecutor) and not isinstance(pool, _INTERPRETERS)
        if not threads:
            job.state = "working"  # it cannot tell when it starts, nor can it sleep on our clock
        with self._change:
            self._jobs[job.number] = job
        try:
            with _counted_elsewhere():
                return job, submit(self._work, job, func, args) if threads else submit(func, *args)
        except BaseException:
            self._jobs.pop(job.number)
            raise

    def _work(self, job: Job, func: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        with self._change:
            job.state, job.thread = "working", threading.current_thread()
        with patched_time.playing(job):
            return func(*args)

    def adopt(self, thread: threading.Thread, start: Callable[[threading.Thread], None]) -> None:
        """Start a thread of the program's own, with `start`, and count it until it has ended."""

        def live() -> None:
            try:
                with patched_time.playing(job):
                    run()
            except BaseException:
                if not self._closed:  # its run is over: nobody is left who could hear of it
                    raise
            finally:
                del thread.run  # the class has it, as before
                with self._change:
                    job.state = "ending"
                    self._change.notify_all()
                self._poke()

        job = Job(self, next(self._numbers), None)
        job.state, job.thread = "working", thread
        run = thread.run
        with self._change:
            self._jobs[job.number] = job
        thread.run = live  # type: ignore[method-assign]
        try:
            start(thread)
        except BaseException:
            thread.run = run  # type: ignore[method-assign]
            self._jobs.pop(job.number)
            raise

    def _end(self, job: Job, tell: _Outcome, future: Future[Any]) -> None:
        with self._change:
            if not self._over:
                self._over_since = process_time()
            self._over.append((job.number, tell, future))
            del self._jobs[job.number]
            self._change.notify_all()
        self._poke()

    def _leave(self, job: Job) -> None:
        with self._change:
            del self._jobs[job.number]
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
        """Tell whether any executor call is not over."""
        return any(job.pool is not None for job in self._jobs.values())

    def any_awake(self) -> bool:
        """Tell whether any thread or process does not sleep in virtual time: it may come back by itself."""
        with self._change:
            return self._starting() or any(job.state in ("working", "ending") for job in self._jobs.values())

    def at_work(self) -> bool:
        """Tell whether a thread or process is at work or about to start: then virtual time stands still."""
        if not self._jobs:
            return False
        with self._change:
            self._bury()
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
            self._bury()
            before = {number: job.spot for number, job in self._jobs.items()}
            at_work = [job for job in self._jobs.values() if self._look(job)]
            waiting = [job for job in at_work if job.spot and job.spot == before[job.number]]
            for job in waiting:
                job.parked = job.spot
            return self._starting() or len(waiting) < len(at_work)

    def _look(self, job: Job) -> bool:
        if job.state == "ending":
            return True
        working = job.state == "working"
        job.spot = _waiting_spot(job) if working and job.thread else None
        # A whole thread may wait for its next work as long as the run lasts: no second look, if the first
        # one shows that it has not stirred since.
        return working and not (job.pool is None and _is_exact(job.spot) and job.spot == job.parked)

    def _bury(self) -> None:
        """Forget the threads that have ended: by then they have woken all who waited for their end."""
        for job in [job for job in self._jobs.values() if job.state == "ending"]:
            assert job.thread is not None
            job.thread.join(TURN)
            if not job.thread.is_alive():
                del self._jobs[job.number]

    def _starting(self) -> bool:
        # ThreadPoolExecutor._max_workers (Lib/concurrent/futures/thread.py, `__init__`): a call that waits
        # for a thread of a pool whose threads all sleep must not hold the clock, or they would never wake up.
        busy: dict[Any, int] = {}
        for job in self._jobs.values():
            busy[job.pool] = busy.get(job.pool, 0) + (job.state != "queued")
        return any(
            job.state == "queued" and busy[job.pool] < job.pool._max_workers for job in self._jobs.values()
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


def _waiting_spot(job: Job) -> _Spot | None:
    """Return where a thread waits for another one, and since when; None if it does not, as far as one sees.

    The system knows; where it does not tell, the thread's Python frame does for the usual locks. A daemon
    that the program has started may wait for a client, or for another process, as long as the run lasts.
    """
    thread = job.thread
    if thread is None or is_ready(thread.native_id):
        return None
    own = job.pool is None
    try:
        return _system_spot(thread.native_id, anywhere=own and thread.daemon)
    except OSError:
        return _frame_spot(sys._current_frames().get(thread.ident or 0), anywhere=own)


def _is_exact(spot: _Spot | None) -> bool:
    """Tell whether a thread that is seen in one spot twice has not stirred in between."""
    return spot is not None and len(spot) == 3


def _system_spot(native_id: int | None, *, anywhere: bool = False) -> _Spot | None:
    """Ask Linux: all locks of Python are futexes there. Raises OSError where the system does not tell.

    anywhere: whether it does not matter what the thread sleeps in.

    A thread that wants the GIL waits on a futex, too, but looks again every few milliseconds: its switches
    are counted.
    """
    folder = f"/proc/self/task/{native_id}"
    with open(f"{folder}/wchan", encoding="ascii") as file:
        place = file.read()
    with open(f"{folder}/status", encoding="utf-8", errors="replace") as file:
        state, *switches = (value for _, value in _STATUS.findall(file.read()))
    if state != "S":
        return None
    if place in ("", "0"):  # a kernel that keeps to itself where threads wait
        raise OSError("no wchan")
    return (place, *switches) if anywhere or place.startswith("futex") else None


def _frame_spot(frame: FrameType | None, *, anywhere: bool = False) -> _Spot | None:
    if frame is None:
        return None
    code, at = frame.f_code, frame.f_lasti
    if code is threading.Condition.wait.__code__:
        waiter = frame.f_locals.get("waiter")
        if waiter is None:
            return None
        return (id(code), at, id(waiter)) if waiter.locked() else None  # `notify` unlocks it
    return (id(code), at) if anywhere or _LOCKING.match(_text_at(frame)) else None


def _text_at(frame: FrameType) -> str:
    """Return the source of what a frame is at, as far as its first line holds it; "" if nobody knows."""
    index = frame.f_lasti // 2
    spans = itertools.islice(frame.f_code.co_positions(), max(index, 0), None)
    line, last_line, start, end = next(spans, (None,) * 4)
    if line is None or start is None:
        return ""
    source = linecache.getline(frame.f_code.co_filename, line, frame.f_globals).encode()
    return source[start : end if line == last_line else None].decode(errors="replace").strip()


class _Here(threading.local):
    counted = False


_here = _Here()  # whether what this thread starts just now is counted by who has asked for it
_lock = threading.Lock()
_runs = 0
_found: list[tuple[Any, str, Callable[..., Any]]] = []  # what the classes held before the first run came


@contextlib.contextmanager
def _counted_elsewhere() -> Iterator[None]:
    before, _here.counted = _here.counted, True
    try:
        yield
    finally:
        _here.counted = before


@contextlib.contextmanager
def watching() -> Iterator[None]:
    """Let the workers of a run count, until the block ends, what its threads start past the loop.

    The patch of the classes is process-wide and counted: the last to leave puts the old methods back.
    """
    _count(+1)
    try:
        yield
    finally:
        _count(-1)


def _count(change: int) -> None:
    global _runs
    with _lock:
        if _runs == 0:
            _found[:] = [(owner, name, getattr(owner, name)) for owner, name in _watched()]
            for owner, name, method in _found:
                setattr(owner, name, _start if owner is threading.Thread else _submit_to(method))
        _runs += change
        if _runs == 0:
            for owner, name, method in _found:
                setattr(owner, name, method)


def _watched() -> list[tuple[Any, str]]:
    processes = sys.modules.get("concurrent.futures.process")  # slow to import, and seldom needed
    pools = [ThreadPoolExecutor, *([processes.ProcessPoolExecutor] if processes else [])]
    return [(threading.Thread, "start"), *((pool, "submit") for pool in pools)]


def _workers() -> Workers | None:
    """Return the workers of the run that this thread belongs to, if they are to count what it starts."""
    return None if _here.counted else getattr(patched_time._here.clock, "_workers", None)


def _start(thread: threading.Thread) -> None:
    start = _found[0][2]
    workers = _workers()
    if workers is None or _MACHINERY.match(sys._getframe(1).f_globals.get("__name__", "")):
        start(thread)
    else:
        workers.adopt(thread, start)


def _submit_to(method: Callable[..., Future[Any]]) -> Callable[..., Future[Any]]:
    @functools.wraps(method)
    def submit(pool: Executor, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        workers = _workers()
        if workers is None:
            return method(pool, fn, *args, **kwargs)
        return workers.submit_past(method, pool, functools.partial(fn, **kwargs) if kwargs else fn, args)

    return submit
