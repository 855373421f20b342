"""An exception of a run as plain data: type, text, leaves, and the student's line."""

from __future__ import annotations

import linecache
import traceback
from types import CodeType, FrameType
from typing import Any

from grader.checks import wire
from grader.loop.waits import is_user_file


def error_info(error: BaseException, cell: str = "") -> dict[str, Any]:
    """Return an exception as plain data: type, text, the leaves of a group, and the student's last line.

    cell: the file name of the test cell, whose own lines are not the student's.
    """
    leaves = _leaves(error)
    steps = [(step.f_code, line) for step, line in traceback.walk_tb(leaves[0].__traceback__)]
    own = [step for step in steps if (file := step[0].co_filename) != cell and is_user_file(file)]
    info = plain_error(type(error).__name__, wire.error_text(error))
    if isinstance(error, BaseExceptionGroup):
        info["leaves"] = [wire.error_text(leaf) for leaf in leaves]
    if own:
        info |= _place(*own[-1])
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
            return _place(frame.f_code, frame.f_lineno)
        frame = frame.f_back
    return {}


def _place(code: CodeType, line: int) -> dict[str, Any]:
    source = linecache.getline(code.co_filename, line).strip()
    return {"line": line, "source": source, "function": code.co_qualname}
