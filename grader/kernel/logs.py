"""asyncio's own messages (lost exceptions, slow callbacks, forgotten awaits), visible in the running cell."""

from __future__ import annotations

import contextlib
import contextvars
import logging
import re
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from grader.checks.values import without_addresses
from grader.kernel.tracebacks import place, place_of
from grader.loop.awaits import is_user_file
from grader.loop.wording import WORDINGS

_TASK = re.compile(r"<Task \w+ name='(?P<name>[^']*)' coro=<(?P<coro>\S+?)\(\).*>")
_HANDLE = re.compile(r"<(?:Timer)?Handle (?:when=\S+ )?(?P<coro>[^\s(]+)\(.*?\).*>")
_CODE = re.compile(r" at ([^\s<>]+):(\d+)")  # of "coro=<f() done, defined at FILE:LINE>"
_SECONDS = re.compile(r"(\d+\.\d+) seconds")
_UNNAMED = re.compile(r"Task-\d+")
_FORGOTTEN = "|".join(WORDINGS["coroutine forgotten"].values())


@contextlib.contextmanager
def visible(shell: Any) -> Iterator[None]:
    """Print asyncio's records and forgotten awaits on the stdout of the cell that runs (or ran last)."""
    logger, printer = logging.getLogger("asyncio"), _Printer(shell)
    propagate, logger.propagate = logger.propagate, False
    logger.addHandler(printer)
    shell.events.register("pre_run_cell", printer.enter)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("always", _FORGOTTEN, RuntimeWarning)  # else once for all cells' line 3
            warnings.showwarning = printer.warning(warnings.showwarning)
            yield
    finally:
        shell.events.unregister("pre_run_cell", printer.enter)
        logger.removeHandler(printer)
        logger.propagate = propagate


class _Printer(logging.Handler):
    """Prints records in the context of the latest cell: the loop that emits them belongs to no cell."""

    def __init__(self, shell: Any) -> None:
        super().__init__()
        self._shell = shell
        self._context = contextvars.copy_context()

    def enter(self, info: Any) -> None:
        """Take the context of the cell that starts; ipykernel keeps the addressee of its output there."""
        self._context = contextvars.copy_context()

    def emit(self, record: logging.LogRecord) -> None:
        self._print(f"[asyncio] {shorten(self._shell, record)}")

    def warning(self, other: Callable[..., None]) -> Callable[..., None]:
        """Return a `showwarning` that prints forgotten awaits in one line and leaves the rest to `other`."""

        def show(
            message: Warning | str, category: type[Warning], filename: str, lineno: int, *rest: Any
        ) -> None:
            if category is not RuntimeWarning or not re.match(_FORGOTTEN, str(message)):
                other(message, category, filename, lineno, *rest)
                return
            where = f"  ({place(self._shell, filename, lineno)})" if is_user_file(filename) else ""
            self._print(f"RuntimeWarning: {message}{where}")

        return show

    def _print(self, line: str) -> None:
        # On stdout: nbgrader gives 0 points to a cell that writes to stderr.
        self._context.copy().run(print, line)


def shorten(shell: Any, record: logging.LogRecord) -> str:
    """Return a record in one line: what, which task or callback, its error, the student's line."""
    text = record.getMessage()
    head = text.partition("\n")[0].rstrip("!")
    label = _label(text)
    if found := _SECONDS.search(head):
        head = f"Executing {label or '<callback>'} took {float(found[1]):.1f} seconds"
    elif label and head.startswith("Exception in callback"):  # before 3.13 with its arguments
        head = f"Exception in callback {label}"
    elif label:
        head = f"{head}: {label}"
    head = _CODE.sub("", without_addresses(head))
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        message = str(error).strip().partition("\n")[0]
        head += f" → {type(error).__name__}{f': {message}' if message else ''}"
    where = (place_of(shell, error) if error is not None else "") or _place(shell, text)
    return head + (f"  ({where})" if where else "")


def _label(text: str) -> str:
    """Return "«name» coroutine()" of the first task or callback in a text, without the name Task-N."""
    found = _TASK.search(text) or _HANDLE.search(text)
    if found is None:
        return ""
    name = found.groupdict().get("name", "Task-0")
    called = found["coro"].rpartition(".")[2] + "()"
    if called == "run_cell_async()":
        return "<celda>"
    return called if _UNNAMED.fullmatch(name) else f"«{name}» {called}"


def _place(shell: Any, text: str) -> str:
    """Return the student's place in a text: where a coroutine waits, else where it is defined."""
    found = ((file, int(line)) for file, line in _CODE.findall(text))
    return next((place(shell, file, line) for file, line in found if is_user_file(file)), "")
