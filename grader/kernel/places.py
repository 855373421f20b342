"""Where something happened, as the student reads it: a line of a cell or of their own file, with its text."""

from __future__ import annotations

import linecache
import os
import traceback
from typing import Any

from grader.loop.waits import is_user_file

_LENGTH = 60  # characters of a line's text


def place(shell: Any, filename: str, line: int) -> str:
    """Return "línea 4: await fetch(1)" for a line of a cell, "cpu.py, línea 4: ..." for one of a file.

    The text tells which cell it is: its number would differ under nbval, which does not count cells.
    """
    text = linecache.getline(filename, line).strip()
    text = text if len(text) <= _LENGTH else text[: _LENGTH - 1] + "…"
    file = "" if shell.compile.format_code_name(filename) else f"{os.path.basename(filename)}, "
    return f"{file}línea {line}{f': {text}' if text else ''}"


def place_of(shell: Any, error: BaseException) -> str:
    """Return the place of the student's last line that an exception went through, "" if there is none."""
    for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):
        if is_user_file(frame.f_code.co_filename):
            return place(shell, frame.f_code.co_filename, line)
    return ""
