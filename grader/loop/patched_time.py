"""The module `time` of a virtual run: its threads see the run's clock, every other thread keeps real time."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any, Protocol

_NAMES = ("sleep", "time", "monotonic", "perf_counter", "time_ns", "monotonic_ns", "perf_counter_ns")
_REAL: dict[str, Any] = {name: getattr(time, name) for name in _NAMES}
real_monotonic: Callable[[], float] = _REAL["monotonic"]


class Clock(Protocol):
    """What a thread of a run sees through the module `time`."""

    def time(self) -> float:
        """Return virtual seconds."""

    def play_sleep(self, seconds: float, frame: FrameType) -> None:
        """Do what `time.sleep(seconds)`, called from frame, means on this clock; seconds is positive."""

    def note_wall_read(self, name: str, frame: FrameType) -> None:
        """Note that the code of frame called `time.<name>()`."""


class _Here(threading.local):
    clock: Clock | None = None


_here = _Here()
_lock = threading.Lock()
_players = 0
_found: dict[str, Any] = {}  # what the module held before the first player came


@contextlib.contextmanager
def playing(clock: Clock) -> Iterator[None]:
    """Show this thread the given clock through `time` until the block ends.

    The patch of the module is process-wide and counted: the last to leave puts the old functions back.
    """
    _count(+1)
    before, _here.clock = _here.clock, clock
    try:
        yield
    finally:
        _here.clock = before
        _count(-1)


def _count(change: int) -> None:
    global _players
    with _lock:
        if _players == 0:
            _found.update({name: getattr(time, name) for name in _NAMES})
            _set(_FAKE)
        _players += change
        if _players == 0:
            _set(_found)


def _set(functions: dict[str, Any]) -> None:
    for name, function in functions.items():
        setattr(time, name, function)


def rebind(namespace: dict[str, Any]) -> Callable[[], None]:
    """Replace what `from time import ...` took into a namespace before the run; return what puts it back.

    The replacements show real time to every thread that is not part of a run.
    """
    fakes = {id(real): _FAKE[name] for name, real in _REAL.items()}
    taken = {name: value for name, value in namespace.items() if id(value) in fakes}
    namespace.update({name: fakes[id(value)] for name, value in taken.items()})
    return lambda: namespace.update(taken)


def _sleep(seconds: float, /) -> None:
    clock = _here.clock
    if clock is not None and seconds > 0:
        clock.play_sleep(seconds, sys._getframe(1))
    else:
        _REAL["sleep"](seconds)  # which refuses negative seconds and yields to other threads on 0


def _reader(name: str) -> Callable[[], float]:
    real, nanoseconds = _REAL[name], name.endswith("_ns")

    def read() -> float:
        clock, caller = _here.clock, sys._getframe(1)
        # A loop of its own in a worker thread (`asyncio.run` there) waits in real time and must see it pass.
        if clock is None or caller.f_code is asyncio.BaseEventLoop.time.__code__:
            return real()  # type: ignore[no-any-return]
        clock.note_wall_read(name, caller)
        return round(clock.time() * 1e9) if nanoseconds else clock.time()

    return read


def _fake(name: str) -> Callable[..., Any]:
    function = _sleep if name == "sleep" else _reader(name)
    # The names of the original: timelines show them, and a process pool pickles `time.sleep` by them.
    function.__name__ = function.__qualname__ = name
    function.__module__ = "time"
    return function


_FAKE = {name: _fake(name) for name in _NAMES}


def _after_fork() -> None:
    """A process forked inside a run (by a process pool) is no part of it: it has real time."""
    global _lock, _players
    _lock, _here.clock = threading.Lock(), None
    if _players:
        _players = 0
        _set(_found)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
