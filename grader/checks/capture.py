"""Catches what a run would write to stderr and hands it over as facts."""

from __future__ import annotations

import asyncio
import contextlib
import io
import logging
import sys
import warnings
from collections.abc import Callable, Iterator
from types import CodeType
from typing import Any

from grader.checks.wire import error_text
from grader.loop.waits import is_user_file, task_name
from grader.loop.wording import recognise

Fact = dict[str, Any]

# CPython Lib/asyncio: the code by which a TaskGroup interrupts its parent and a timeout its task; both
# take it back with uncancel (before 3.13 a TaskGroup forgets to). TaskGroup.cancel is there from 3.15.
_OWN_CANCELS: list[CodeType] = [
    getattr(owner, name).__code__
    for owner, name in (
        (asyncio.TaskGroup, "_on_task_done"),
        (asyncio.TaskGroup, "cancel"),
        (asyncio.Timeout, "_on_timeout"),
    )
    if hasattr(owner, name)
]


class WatchedTask(asyncio.Task[Any]):
    """A Task that notices when it swallows a cancellation which somebody else asked for."""

    asked = 0
    on_swallow: Callable[[asyncio.Task[Any]], None]

    def cancel(self, msg: Any | None = None) -> bool:
        accepted = super().cancel(msg)
        if accepted and not _is_own(sys._getframe(1).f_code):
            if not self.asked:
                self.add_done_callback(WatchedTask._look)
            self.asked += 1
        return accepted

    def set_name(self, value: object) -> None:
        # CPython 3.13.0 Lib/asyncio/base_events.py, create_task: with a task factory all are named "None".
        if value is not None:
            super().set_name(value)

    def uncancel(self) -> int:
        if not _is_own(sys._getframe(1).f_code):
            self.asked = max(0, self.asked - 1)
        return super().uncancel()

    def _look(self) -> None:
        # `_exception` (Modules/_asynciomodule.c, Task getset): exception() would count as retrieving it.
        if self.asked and self.cancelling() and not self.cancelled() and self._exception is None:
            self.on_swallow(self)


WatchedTask.__name__ = WatchedTask.__qualname__ = "Task"  # what students see of it


def watching(on_swallow: Callable[[asyncio.Task[Any]], None]) -> Callable[..., WatchedTask]:
    """Return a task factory of WatchedTasks that report to `on_swallow`."""

    def make(loop: asyncio.AbstractEventLoop, coro: Any, **options: Any) -> WatchedTask:
        task = WatchedTask(coro, loop=loop, **options)
        task.on_swallow = on_swallow
        return task

    return make


def _is_own(code: CodeType) -> bool:
    return any(code is own for own in _OWN_CANCELS)


class Capture(logging.Handler):
    """Collects warnings, stderr, asyncio's log, loop errors and unraisable errors of a run as facts."""

    def __init__(self, cell: str = "") -> None:
        """cell: the file name of the test cell, whose own lines are not the student's."""
        super().__init__()
        self.facts: list[Fact] = []
        self._cell = cell

    @contextlib.contextmanager
    def collecting(self) -> Iterator[None]:
        """Divert the process's stderr, warnings, asyncio logger and unraisable hook while in the block."""
        logger, hook = logging.getLogger("asyncio"), sys.unraisablehook
        before = logger.handlers, logger.propagate
        with (
            warnings.catch_warnings(record=True) as caught,
            contextlib.redirect_stderr(io.StringIO()) as stderr,
        ):
            warnings.simplefilter("always")
            logger.handlers, logger.propagate = [self], False
            sys.unraisablehook = self._unraisable
            try:
                yield
            finally:
                sys.unraisablehook = hook
                logger.handlers, logger.propagate = before
                while caught:  # to forget one coroutine may be to lose another, which warns in its turn
                    self._warning(caught.pop(0))
                if text := stderr.getvalue().strip():
                    self.facts.append({"kind": "stderr", "what": text[:500], "line": None})

    def loop_error(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Note what a loop would log; for `loop.set_exception_handler`."""
        message, error = str(context.get("message", "")), context.get("exception")
        source = context.get("task") or context.get("future")
        name = task_name(source) if isinstance(source, asyncio.Task) else ""
        if recognise("exception forgotten", message):
            kind = "lost-exception"
        elif recognise("task collected", message):
            kind = "collected"
        else:
            kind = "loop-error"
        self.facts.append({"kind": kind, "what": name, "error": _name_error(error) or message, "line": None})

    def emit(self, record: logging.LogRecord) -> None:
        self.facts.append({"kind": "log", "what": record.getMessage()[:500], "line": None})

    def _warning(self, message: warnings.WarningMessage) -> None:
        found = recognise("coroutine forgotten", str(message.message))
        if not found:
            self.facts.append({"kind": "warning", "what": str(message.message)[:500], "line": None})
            return
        origin = getattr(message.source, "cr_origin", None) or ()
        line = next((line for file, line, _ in origin if file != self._cell and is_user_file(file)), None)
        self.facts.append({"kind": "never-awaited", "what": found[1].rpartition(".")[2], "line": line})

    def _unraisable(self, args: Any) -> None:
        self.facts.append(
            {"kind": "loop-error", "what": "", "error": _name_error(args.exc_value), "line": None}
        )


def _name_error(error: BaseException | None) -> str:
    return "" if error is None else error_text(error)
