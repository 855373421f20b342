"""An event loop on a virtual clock: waiting costs no time, durations are exact, a stuck program says so."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import math
import selectors
from asyncio.futures import _copy_future_state  # type: ignore[attr-defined]
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from contextvars import Context
from time import thread_time
from types import FrameType
from typing import Any, Protocol, TypeVar, TypeVarTuple

from grader.loop import patched_time
from grader.loop.awaits import is_user_file
from grader.loop.executors import TURN, Workers, watching
from grader.loop.patched_time import real_monotonic
from grader.loop.stopwatch import Stopwatch
from grader.loop.stuck import Deadlock, Runaway, Stuck, TooLong

_IO_GRACE = 0.01  # seconds of real time given to sockets and foreign threads before the clock jumps

Events = list[tuple[selectors.SelectorKey, int]]


def snap(seconds: float) -> float:
    """Drop float noise: round to 9 decimals where that moves the value by at most 4 ulp."""
    if not 0.0 < seconds < 9e6:  # beyond, doubles are coarser than a nanosecond
        return seconds
    rounded = int(seconds * 1e9 + 0.5) / 1e9
    return rounded if abs(rounded - seconds) <= 4.0 * math.ulp(seconds) else seconds


class Timer(asyncio.TimerHandle):
    """A timer that fires after those of the same deadline that were set before it."""

    __slots__ = ("_sequence",)
    # Handle._source_traceback, TimerHandle._when and ._scheduled: Lib/asyncio/events.py, `__init__` of both.
    _source_traceback: list[Any] | None
    _when: float
    _scheduled: bool
    _sequence: int

    def __lt__(self, other: Timer) -> bool:  # type: ignore[override]
        if self._when == other._when:
            return self._sequence < other._sequence
        return self._when < other._when


class Clock(Protocol):
    """What the selector asks of its loop. steps: turns in a row without time or news from outside."""

    steps: int

    def check(self) -> None:
        """Raise what ends the run."""

    def count_step(self) -> None:
        """Count a turn that took no time."""

    def held(self, *, idle: bool) -> bool:
        """Tell whether threads really work: then the clock stands still. idle: asked after an idle turn."""

    def tell_outcomes(self) -> bool:
        """Tell the program what threads have brought, now that nothing else can run; False if nothing."""

    def next_event(self) -> float:
        """Return the next instant at which something is due; infinite if there is none."""

    def pass_time(self, deadline: float) -> None:
        """Let time pass, at most until the deadline."""


class VirtualSelector(selectors.DefaultSelector):
    """The selector is the clock: where a loop would sleep, virtual time moves."""

    def __init__(self, loop: Clock) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> Events:
        """Return the events there are; let time pass if there are none and nothing is ready."""
        loop = self._loop
        loop.check()
        if timeout is not None and timeout <= 0:
            if not (events := super().select(0)):
                loop.count_step()
        else:
            events = self._idle()
        if events:
            loop.steps = 0
        return events

    def _idle(self) -> Events:
        """Wait in real time for what is real; if nothing comes, let virtual time pass."""
        loop = self._loop
        # Asked before the poll: a thread that ends in between has written to the wake-up pipe by then.
        held = loop.held(idle=False)
        while not (events := super().select(TURN if held else 0)) and held:
            loop.check()
            held = loop.held(idle=True)
        if not events and not loop.tell_outcomes():
            deadline = loop.next_event()
            if not (events := self._grace(deadline)):
                loop.pass_time(deadline)
        return events

    def _grace(self, deadline: float) -> Events:
        sockets = len(self.get_map()) > 1  # one is the loop's own wake-up pipe
        grace = (sockets + (deadline == math.inf)) * _IO_GRACE
        if not grace:
            return []
        watch, events = Stopwatch(), Events()
        while not events and watch.own < grace:  # while the others are kept waiting it is not theirs
            events = super().select(grace - watch.own)
            watch.look()
        return events


_Ts = TypeVarTuple("_Ts")
_T = TypeVar("_T")

_THREADS = 32  # of the default executor: asyncio's number depends on the machine, and so would durations
_CLEAN_UP_STEPS = 10_000
_POLLED = 100  # turns without time after which a program that never idles gets the outcomes of its calls
_LEAST_DELAY = 1e-9
_LEAST_RESOLUTION = 1e-12
_STANDS_STILL = "da vueltas sin que avance el reloj"
_SPINNING = 1000  # turns at one instant after which a program that uses up its limit is called a Runaway


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock jumps to the next timer when nothing can run.

    limit: virtual seconds until TooLong. cpu_limit: seconds of a processor that the thread of the loop
    may use until TooLong, or Runaway if it stands still; real time has no limit here (see `Run`), since it
    depends on how busy the machine is. max_steps: turns at one instant until Runaway.
    advance: asked when nothing can run before a deadline (None: no timer at all); returns the new now, at
    most the deadline, or None if nobody can wake up. Default: the deadline. Deadlock, Runaway and TooLong
    leave `run_forever`, after freeze_hooks were called. blocked: each `time.sleep` of the loop's thread, a
    dict of start, end, task (name or None), line; wall_reads: dicts of func, line, at.
    """

    virtual = True

    # Private to BaseEventLoop (Lib/asyncio/base_events.py), set in `__init__` or defined there.
    _scheduled: list[Timer]
    _clock_resolution: float
    _debug: bool
    _default_executor: Any
    _check_closed: Callable[[], None]
    _check_thread: Callable[[], None]
    _check_callback: Callable[[object, str], None]
    _check_default_executor: Callable[[], None]

    def __init__(
        self,
        *,
        limit: float = 3600.0,
        cpu_limit: float = 10.0,
        max_steps: int = 100_000,
        advance: Callable[[float | None], float | None] | None = None,
    ) -> None:
        self.limit, self.cpu_limit, self.max_steps = limit, cpu_limit, max_steps
        self.is_own: Callable[[str], bool] = is_user_file  # whose lines are told
        self.blocked: list[dict[str, Any]] = []
        self.wall_reads: list[dict[str, Any]] = []
        self.freeze_hooks: list[Callable[[], None]] = []
        self._advance = advance
        self._cpu_left = cpu_limit
        self._cpu_end = math.inf  # of the thread that runs the loop
        self._look = 0.0  # when it may have come to that, at the earliest
        self.stopped = False  # whether Deadlock, Runaway or TooLong has been raised
        self._error: BaseException | None = None
        self._joining = False
        self._sequence = itertools.count()
        self._workers = Workers(self.time, self._due, self._poke)
        super().__init__(VirtualSelector(self))
        self._set_now(0.0)

    def time(self) -> float:
        """Return the virtual seconds since the loop was made."""
        return self._now

    def _due(self, delay: float) -> float:
        if 0 < delay < self._least_delay:
            delay = self._least_delay  # or 1e-17 would end now, and who computes it would spin at one instant
        return snap(self._now + delay)

    def call_later(
        self, delay: float, callback: Callable[[*_Ts], object], *args: *_Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Do as asyncio does; a positive delay is at least 1 ns."""
        if delay is None:
            raise TypeError("delay must not be None")
        timer = self.call_at(self._due(delay), callback, *args, context=context)
        if timer._source_traceback:  # type: ignore[attr-defined]
            del timer._source_traceback[-1]  # type: ignore[attr-defined]
        return timer

    def call_at(
        self, when: float, callback: Callable[[*_Ts], object], *args: *_Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Do as asyncio does; equal deadlines fire in the order in which they were set."""
        if when is None:
            raise TypeError("when cannot be None")
        # Follows BaseEventLoop.call_at (Lib/asyncio/base_events.py) but for the class and the number.
        self._check_closed()
        if self._debug:
            self._check_thread()
            self._check_callback(callback, "call_at")
        timer = Timer(snap(when), callback, args, self, context)
        if timer._source_traceback:
            del timer._source_traceback[-1]
        timer._sequence = next(self._sequence)
        heapq.heappush(self._scheduled, timer)
        timer._scheduled = True
        return timer

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[*_Ts], _T], *args: *_Ts
    ) -> asyncio.Future[_T]:
        """Do as asyncio does; while the call works in its thread or process the clock stands still."""
        # Follows BaseEventLoop.run_in_executor (Lib/asyncio/base_events.py) but for the way of the outcome.
        # asyncio's wrap_future takes it when it comes, from 3.14 at once if it is there already: by chance.
        self._check_closed()
        if self._debug:
            self._check_callback(func, "run_in_executor")
        if executor is None:
            self._check_default_executor()
            if self._default_executor is None:
                self.set_default_executor(ThreadPoolExecutor(_THREADS, thread_name_prefix="asyncio"))
        future = self.create_future()

        def tell_outcome(call: Future[Any]) -> None:
            if not future.done():
                _copy_future_state(call, future)

        def pass_on_cancel(future: asyncio.Future[Any]) -> None:
            if future.cancelled():
                call.cancel()

        call = self._workers.submit(executor or self._default_executor, func, args, tell_outcome)
        future.add_done_callback(pass_on_cancel)
        return future

    async def shutdown_default_executor(self, *args: Any, **kwargs: Any) -> None:
        """Do as asyncio does; the clock stands still while the threads are joined."""
        self._joining = True
        try:
            await super().shutdown_default_executor(*args, **kwargs)
        finally:
            self._joining = False
        if self.tell_outcomes():
            await asyncio.sleep(0)

    def tell_outcomes(self) -> bool:
        """Tell the program the outcomes of the executor calls that are over. False if there is none."""
        outcomes = self._workers.outcomes()
        for tell in outcomes:
            self.call_soon(tell)
        return bool(outcomes)

    def run_forever(self) -> None:
        """Run until `stop`; meanwhile the module `time` shows this clock to this thread."""
        self._start_counting()
        try:
            with patched_time.playing(self), watching():
                super().run_forever()
        finally:
            self._cpu_left = self._cpu_end - thread_time()

    def _start_counting(self) -> None:
        self._cpu_end = thread_time() + self._cpu_left
        self._look = real_monotonic() + self._cpu_left  # no thread gets more of a processor than time passes

    def close(self) -> None:
        """Close the loop. Executor calls that sleep on its clock end."""
        super().close()
        self._workers.close()

    def lift_limits(self) -> None:
        """Prepare for clean-up: no virtual limit, fewer steps, the processor's time from zero."""
        self.limit, self.max_steps, self.steps = math.inf, _CLEAN_UP_STEPS, 0
        self._cpu_left = self.cpu_limit

    def stop_with(self, error: BaseException) -> None:
        """Raise error out of `run_forever` at its next step, outside every task. Safe from any thread."""
        self._error = error

    def _poke(self) -> None:
        with suppress(RuntimeError):  # closed: nobody is left to be woken
            self.call_soon_threadsafe(int)

    def play_sleep(self, seconds: float, frame: FrameType) -> None:
        """Play a `time.sleep` of the loop's own thread: time passes, nothing else runs; `blocked` tells."""
        start, end = self._now, self._due(seconds)
        try:
            while self._now < end:
                self.check()
                self._workers.settle(self.check)
                if self._workers.next_wake() <= self._now:
                    self._workers.wake_one()
                elif not self._move(min(end, self._workers.next_wake())):
                    raise self._report(Deadlock("nadie puede despertar a nadie"))
        except Stuck as error:
            self._error = error  # a task may swallow it here, nobody can in `select`
            raise
        finally:
            name = task.get_name() if (task := asyncio.current_task(self)) else None
            self.blocked.append({"start": start, "end": self._now, "task": name, "line": self._line(frame)})

    def _line(self, frame: FrameType | None) -> int | None:
        while frame is not None and not self.is_own(frame.f_code.co_filename):
            frame = frame.f_back
        return frame.f_lineno if frame else None

    def note_wall_read(self, name: str, frame: FrameType) -> None:
        """Note a reading of the wall clock by the program, once for each place."""
        func, line = f"time.{name}", frame.f_lineno
        known = any((read["func"], read["line"]) == (func, line) for read in self.wall_reads)
        if not known and self.is_own(frame.f_code.co_filename):
            self.wall_reads.append({"func": func, "line": line, "at": self._now})

    def check(self) -> None:
        """Raise what `stop_with` was given; Runaway or TooLong when the processor's time is used up."""
        if self._error is None and real_monotonic() < self._look:
            return
        error, self._error = self._error, None
        if error is None and (left := self._cpu_end - thread_time()) > 0:
            self._look = real_monotonic() + left
            return
        raise self._report(error or self._used_up())

    def _used_up(self) -> Stuck:
        # Which limit a spinning program meets first depends on the machine; what is told of it must not.
        if self.steps >= min(_SPINNING, self.max_steps):
            return Runaway(_STANDS_STILL)
        return TooLong(f"tras {self.cpu_limit:g} s de cálculo el programa no termina")

    def count_step(self) -> None:
        """Count a turn that took no time."""
        self.steps += 1
        if self.steps % _POLLED == 0:
            self.tell_outcomes()
        if self.steps % self.max_steps == 0 and not self._workers.at_work():  # they may be polled
            raise self._report(Runaway(_STANDS_STILL))

    def held(self, *, idle: bool) -> bool:
        """Tell whether threads really work: then the clock stands still. idle: asked after an idle turn."""
        at_work = self._workers.moved_on() if idle else self._workers.at_work()
        if at_work:
            return not self._workers.impatient()
        return self._joining and not self._workers.any_left()

    def next_event(self) -> float:
        """Return the instant of the next timer or end of a thread's sleep; infinite if there is none."""
        timer = self._scheduled[0]._when if self._scheduled else math.inf
        wake = self._workers.next_wake()
        return timer if timer < wake else wake

    def pass_time(self, deadline: float) -> None:
        """Let time pass, at most until the deadline. Raises Deadlock if nothing will ever be due."""
        self.count_step()  # an authority may let none pass
        if deadline <= self._now:  # not a timer, those would be ready: threads come after them
            self._workers.wake_one()
        elif not self._move(deadline) and not self._workers.any_awake():
            raise self._report(Deadlock("nadie puede despertar a nadie"))

    def _move(self, deadline: float) -> bool:
        """Move the clock, at most to the deadline. Return False if there is nothing to wait for."""
        goal = deadline if deadline < self.limit else self.limit
        if self._advance is not None:
            told = self._advance(goal if deadline < math.inf else None)
            if told is None:
                return False
            goal = min(snap(told), deadline)
        elif deadline == math.inf:
            return False
        if goal > self._now:
            self._set_now(min(goal, self.limit))
        if goal > self.limit or self.limit == goal < deadline < math.inf:
            raise self._report(TooLong(f"el límite es {self.limit:g} s de reloj virtual"))
        return True

    def _set_now(self, now: float) -> None:
        self._now, self.steps = now, 0
        self._clock_resolution = max(_LEAST_RESOLUTION, 8 * math.ulp(now))
        self._least_delay = max(_LEAST_DELAY, 2 * self._clock_resolution)

    def _report(self, error: BaseException) -> BaseException:
        self.stopped = True
        if isinstance(error, Stuck) and not error.reported:
            error.report(self)
            for hook in self.freeze_hooks[:]:  # a recorder that freezes takes its hook away
                hook()
        return error
