"""An exception of a run as plain data: type, text, leaves, and the student's line."""

from __future__ import annotations

import linecache
import traceback
from types import FrameType
from typing import Any

from grader import wire
from grader.waits import is_user_file


def error_info(error: BaseException, cell: str = "") -> dict[str, Any]:
    """Return an exception as plain data: type, text, the leaves of a group, and the student's last line.

    cell: the file name of the test cell, whose own lines are not the student's.
    """
    leaves = _leaves(error)
    frames = traceback.extract_tb(leaves[0].__traceback__)
    last = next((f for f in reversed(frames) if f.filename != cell and is_user_file(f.filename)), None)
    info = plain_error(type(error).__name__, wire.error_text(error))
    if isinstance(error, BaseExceptionGroup):
        info["leaves"] = [wire.error_text(leaf) for leaf in leaves]
    if last:
        info |= _place(last.filename, last.lineno or 0, last.name)
    return info


def plain_error(kind: str, text: str) -> dict[str, Any]:
    """Return the plain form of an error of which no line is known."""
    return {"type": kind, "text": text, "leaves": [], "line": None, "source": "", "function": ""}


def _leaves(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [leaf for inner in error.exceptions for leaf in _leaves(inner)]
    return [error]


def running_at(frame: FrameType | None, cell: str) -> dict[str, Any]:
    """Return the student's innermost line below a running frame, as `error_info` tells it; {} if none."""
    while frame is not None:
        file = frame.f_code.co_filename
        if file != cell and is_user_file(file):
            return _place(file, frame.f_lineno, frame.f_code.co_name)
        frame = frame.f_back
    return {}


def _place(file: str, line: int, function: str) -> dict[str, Any]:
    return {"line": line, "source": linecache.getline(file, line).strip(), "function": function}
