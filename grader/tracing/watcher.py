"""A thread that looks from outside which line blocks a loop."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections import Counter, deque
from types import FrameType

from grader.loop.chain import is_user_file
from grader.loop.stopwatch import delay_of
from grader.tracing.record import Seconds
from grader.tracing.steps import Log

_MOST_SAMPLES = 2000


class Watcher:
    """Samples the thread that makes it while one step of its loop takes long; it only looks.

    check: the file of a test cell; a step with no line of another user's file is seen as line 0.
    """

    def __init__(self, log: Log, check: str = "") -> None:
        self._log, self._check = log, check
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
                line = _line_in_step(sys._current_frames().get(self._thread_id), self._check)
                if line is not None:
                    self._samples.append((now, line))


def _line_in_step(frame: FrameType | None, check: str) -> int | None:
    lines = []
    # `Handle._run` (Lib/asyncio/events.py) runs every step: whoever runs the loop is no part of it.
    while frame is not None and frame.f_code is not asyncio.Handle._run.__code__:
        if is_user_file(file := frame.f_code.co_filename):
            lines.append(frame.f_lineno)
            if file != check:
                return lines[0]
        frame = frame.f_back
    return 0 if lines else None
