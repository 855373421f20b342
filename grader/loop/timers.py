"""Exact timers, and the selector that lets virtual time pass where a loop would sleep."""

from __future__ import annotations

import asyncio
import math
import selectors
from typing import Any, Protocol

from grader.loop.stopwatch import Stopwatch

TURN = 0.05  # seconds of real time between two looks at the threads at work
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
