"""Short tracebacks: the student's own lines, in Spanish, without the machinery between them."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import linecache
import os
import re
import sys
import textwrap
import traceback
from collections.abc import Iterator
from typing import Any

from grader.checks.findings import BROKEN_POOL
from grader.checks.message import UNRUN, Unrun, syntax_error
from grader.checks.mistakes import closest
from grader.kernel.interrupt import MESSAGE
from grader.loop.awaits import is_user_file

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


_DEFINITION = re.compile(r"^(?:async +)?(?:def|class) +(\w+)", re.MULTILINE)
_CHECK = re.compile(r"\brun_(?:virtual|real)\(|\banswer\(")
_MAGICS_OF_PYTHON = (["time"], ["capture"], ["prun"])  # that run what stands below them
_NOTHING = object()
_SHOWN = 10  # errors of one group; the others are counted
_MESSAGES = {"unhandled errors in a TaskGroup": "fallaron tareas del TaskGroup"}
_CUT = "el servidor cerró la conexión sin acabar de contestar"
_NOBODY = "nadie contesta en esa dirección: ¿está en marcha el servidor?"
_WEATHER = {  # faults of the world, not of the program: what httpx and a pool of processes say of them
    "ConnectError": _NOBODY,
    "ConnectTimeout": _NOBODY,
    "ReadError": _CUT,
    "WriteError": _CUT,
    "RemoteProtocolError": _CUT,
    "ReadTimeout": "el servidor no contesta dentro del plazo del cliente (`timeout`)",
    "PoolTimeout": "ninguna conexión del cliente queda libre a tiempo: ¿cuántas peticiones hay a la vez?",
    "BrokenProcessPool": BROKEN_POOL,
}


@contextlib.contextmanager
def shortening(shell: Any) -> Iterator[None]:
    """Show groups and interruptions in the short form in the block, as error outputs.

    IPython prints a group, and any error whose context holds one, on stderr and sends no error message, so
    nbval sees nothing. It does so in showtraceback; set_custom_exc goes by class and cannot reach the latter.
    """
    original, before = shell.showtraceback, vars(shell).get("showtraceback")

    def show(exc_tuple: Any = None, *args: Any, **options: Any) -> None:
        error = exc_tuple[1] if exc_tuple else sys.exc_info()[1] or getattr(sys, "last_value", None)
        lines = None if error is None else _lines(shell, error)
        if error is None or lines is None:
            original(exc_tuple, *args, **options)
            return
        shell._get_exc_info((type(error), error, error.__traceback__))  # keeps it for %debug and %tb
        shell._showtraceback(type(error), error, lines)

    shell.showtraceback = show
    try:
        yield
    finally:
        del shell.showtraceback
        if before is not None:
            shell.showtraceback = before


@contextlib.contextmanager
def noticing(shell: Any) -> Iterator[None]:
    """Note in the block which functions and classes are older than their cell, for checks to say so.

    After a syntax error the name still means the stub, or the last version that ran.
    """

    cells: dict[str, list[str]] = {}  # id of a cell -> what it defined when it ran last

    def look(result: Any) -> None:
        above, python = _below_magics(result.info.raw_cell or "")
        refused = _refused_at(shell, result, above, python)
        names = _DEFINITION.findall(textwrap.dedent(python))
        for name in names:
            UNRUN.pop(name, None)
            if refused:
                line, told = refused
                text = f"La celda de `{name}` tiene un error de sintaxis en la línea {line}"
                UNRUN[name] = Unrun(
                    (f"{text} y no se ha ejecutado.", *told), shell.user_ns.get(name, _NOTHING)
                )
        cell = getattr(result.info, "cell_id", None)
        if cell and not refused:
            for gone in [name for name in cells.get(cell, ()) if name not in names]:
                _note_gone(gone, names)
            cells[cell] = names

    def _note_gone(name: str, names: list[str]) -> None:
        """Note that a cell no longer defines a name, which means the last version that did."""
        new = closest(name, names)
        text = f"Tu celda ya no define `{name}`" + (f": ahora define `{new}`." if new else ".")
        UNRUN[name] = Unrun((text,), shell.user_ns.get(name, _NOTHING))

    shell.events.register("post_run_cell", look)
    try:
        yield
    finally:
        shell.events.unregister("post_run_cell", look)
        UNRUN.clear()


def _below_magics(cell: str) -> tuple[int, str]:
    """Return the Python of a cell, "" if it is another language's, and how many lines stand above it."""
    lines = cell.splitlines(keepends=True)
    for above, line in enumerate(lines):
        if line.startswith("%%") and line[2:].split(maxsplit=1)[:1] not in _MAGICS_OF_PYTHON:
            return above, ""
        if not line.isspace() and not line.startswith("%%"):
            return above, "".join(lines[above:])
    return len(lines), ""


_Refused = tuple[int, tuple[str, ...]]


def _refused_at(shell: Any, result: Any, above: int, python: str) -> _Refused | None:
    """Return the line of the syntax error that kept a cell from running and what is told of it; or None."""
    refused = isinstance(result.error_before_exec, SyntaxError)
    if not refused and not (result.info.raw_cell or "").lstrip().startswith("%%"):
        return None
    try:  # a magic ran, and what it found below it may have been no Python
        # Compiled again: of what ends too soon IPython's own error says only that.
        compile(shell.transform_cell(python), "", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except SyntaxError as error:
        return above + (error.lineno or 1), syntax_error(error, above)
    return (result.error_before_exec.lineno or 1, syntax_error(result.error_before_exec)) if refused else None


def _lines(shell: Any, error: BaseException) -> list[str] | None:
    try:
        return _short(shell, error)
    except Exception:  # an error of ours would cost the cell its reply
        return traceback.format_exception(error)


def _short(shell: Any, error: BaseException) -> list[str] | None:
    """Return the short form of an error, None where IPython's own is fine."""
    if isinstance(error, asyncio.CancelledError | KeyboardInterrupt) and error.args == (MESSAGE,):
        lines = [_line(shell, error)]
        # IPython formats it once more for its history; its own form takes a third of a second the first time.
        error._render_traceback_ = lambda: lines  # type: ignore[union-attr]
        return lines
    if isinstance(error, NameError) and _in_check(error):
        return list(_missing(shell, error.name or ""))
    if _is_weather(error):  # whose traceback is a hundred lines of its own
        return [_line(shell, error)]
    group = _group_in(error)
    if group is None:
        return None
    if hasattr(error, "_render_traceback_"):
        return list(error._render_traceback_())
    if group is error:
        return tree(shell, group)
    # Not IPython's own form with the group in its context: it fails on the group's frames.
    lines = [_line(shell, error)]
    if not error.__suppress_context__:
        lines += ["mientras se manejaba:", *(f"  {line}" for line in tree(shell, group))]
    return lines


def _missing(shell: Any, name: str) -> Iterator[str]:
    """Yield what is told of a name that a test asks for and that nothing defines."""
    if unrun := UNRUN.get(name):
        yield f"NameError: `{name}` aún no existe. {unrun.lines[0]}"
        yield from (f"  {line}" for line in unrun.lines[1:])
        return
    own = [each for each, thing in shell.user_ns.items() if getattr(thing, "__module__", "") == "__main__"]
    if other := closest(name, own):
        yield f"NameError: `{name}` aún no existe: tu celda define `{other}`."
    else:
        yield f"NameError: `{name}` aún no existe: ejecuta antes las celdas de arriba y repite."


def _is_weather(error: BaseException) -> bool:
    """Tell whether an error comes from httpx, from a broken pool of processes or from local_api itself."""
    if type(error).__module__.partition(".")[0] == "httpx" or type(error).__name__ == "BrokenProcessPool":
        return True
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    return bool(frames) and frames[-1].f_globals.get("__name__") == "grader.kernel.local_api"


def _in_check(error: BaseException) -> bool:
    """Tell whether a cell that checks or draws an answer itself raised the error."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    if not frames or frames[-1].f_code.co_name != "<module>":
        return False
    return bool(_CHECK.search("".join(linecache.getlines(frames[-1].f_code.co_filename))))


def _group_in(error: BaseException | None) -> BaseExceptionGroup[Any] | None:
    """Return the first group among an error and what was handled when it was raised."""
    while error is not None and not isinstance(error, BaseExceptionGroup):
        error = error.__context__
    return error


def tree(shell: Any, group: BaseExceptionGroup[Any]) -> list[str]:
    """Return a group as lines: each error with the student's line, nested groups indented."""
    count = len(group.exceptions)
    message = _MESSAGES.get(group.message, group.message)
    lines = [f"{type(group).__name__}: {message} ({count} {'error' if count == 1 else 'errores'})"]
    rest = count - _SHOWN
    for number, error in enumerate(group.exceptions[:_SHOWN], 1):
        last = number == count
        nested = isinstance(error, BaseExceptionGroup)
        below = tree(shell, error) if nested else [_line(shell, error), *_notes(error)]
        lines.append(("└── " if last else "├── ") + below[0])
        lines += [("    " if last else "│   ") + line for line in below[1:]]
    return lines + [f"└── … y {rest} más"] * (rest > 0)


def _line(shell: Any, error: BaseException) -> str:
    known = _WEATHER.get(type(error).__name__) if _is_weather(error) else None
    text = known or str(error).strip().partition("\n")[0]
    where = place_of(shell, error)
    return f"{type(error).__name__}{f': {text}' if text else ''}{f'  ({where})' if where else ''}"


def _notes(error: BaseException) -> list[str]:
    return [f"nota: {note}" for note in getattr(error, "__notes__", ())]
