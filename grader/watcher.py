"""A thread that looks from outside at which line a loop is blocked."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections import Counter
from types import FrameType

from grader.steps import BLOCKED_AFTER, Log, Seconds
from grader.waits import is_user_file


class Watcher:
    """Samples the loop's thread while one step takes long. It only looks; `stop` ends it."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._thread_id = threading.get_ident()
        self._samples: list[tuple[Seconds, int]] = []
        self._over = threading.Event()
        threading.Thread(target=self._watch, name="grader-watcher", daemon=True).start()

    def stop(self) -> None:
        self._over.set()

    def line_of(self, since: Seconds, until: Seconds) -> int | None:
        """Return the line of user code that was seen most often between the two instants."""
        lines = Counter(line for at, line in self._samples if since <= at <= until)
        self._samples.clear()
        return lines.most_common(1)[0][0] if lines else None

    def _watch(self) -> None:
        while not self._over.wait(BLOCKED_AFTER / 2):
            since = self._log.since
            now = self._log.clock()
            if since is not None and now - since >= BLOCKED_AFTER / 2:
                line = _line_in_step(sys._current_frames().get(self._thread_id))
                if line is not None:
                    self._samples.append((now, line))


def _line_in_step(frame: FrameType | None) -> int | None:
    # `Handle._run` (Lib/asyncio/events.py) runs every step: what called the loop does not block it.
    while frame is not None and frame.f_code is not asyncio.Handle._run.__code__:
        if is_user_file(frame.f_code.co_filename):
            return frame.f_lineno
        frame = frame.f_back
    return None
