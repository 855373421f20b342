"""The IPython extension of the course: `%load_ext grader`."""

from __future__ import annotations

import contextlib
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from grader.checks.mistakes import GIVEN
from grader.kernel import interrupt, logs, node, tracebacks
from grader.kernel.node import NodeError, find_node

_STATES = {
    "passed": ("✓", "superada"),
    "failed": ("✗", "fallida"),
    "untried": ("○", "sin intentar"),
    "busy": ("○", "por repetir"),
}
_WIDTH = 20  # characters of the bar


def magic() -> Callable[[str], None]:
    """Return the function of `%progress`."""

    def progress(line: str) -> None:
        """Muestra cuántas comprobaciones de este kernel están superadas."""
        from IPython.display import display

        from grader.checks.outcome import VERDICTS

        display(bundle(VERDICTS), raw=True)  # type: ignore[no-untyped-call]

    return progress


def bundle(verdicts: Mapping[str, str]) -> dict[str, str]:
    """Return verdicts (title of a check -> a key of _STATES) as text/plain and text/html."""
    if not verdicts:
        text = "Aún no hay comprobaciones en este kernel: ejecuta las celdas de prueba."
        return {"text/plain": text, "text/html": f"<p>{text}</p>"}
    passed = sum(state == "passed" for state in verdicts.values())
    headline = f"{passed} de {len(verdicts)} comprobaciones superadas"
    rows = [(*_STATES[state], title) for title, state in verdicts.items()]
    return {
        "text/plain": "\n".join([f"[{_bar(passed, len(verdicts))}] {headline}", *map(_text_row, rows)]),
        "text/html": _html(passed, len(verdicts), headline, rows),
    }


def _bar(passed: int, total: int) -> str:
    filled = passed * _WIDTH // total
    return "█" * filled + "·" * (_WIDTH - filled)


def _text_row(row: tuple[str, str, str]) -> str:
    sign, word, title = row
    return f"{sign} {word:<12}  {title}"


def _html(passed: int, total: int, headline: str, rows: list[tuple[str, str, str]]) -> str:
    """Draw with currentColor, which follows the theme; the state stands in sign and word."""
    bar = (
        f'<div role="progressbar" aria-label="{headline}" aria-valuemin="0" aria-valuemax="{total}"'
        f' aria-valuenow="{passed}" style="border:1px solid currentColor;height:0.8em;max-width:24em">'
        f'<div style="background:currentColor;height:100%;width:{100 * passed / total:.4g}%"></div></div>'
    )
    items = "".join(f"<li>{sign} {word}: {escape(title)}</li>" for sign, word, title in rows)
    return f'<p>{headline}</p>{bar}<ul style="list-style:none;padding-left:0">{items}</ul>'


last_node_timeline = node.last_timeline

_loaded: dict[int, contextlib.ExitStack] = {}  # by id of the shell, which outlives its extension


def load(shell: Any) -> None:
    """Install everything into an IPython shell and print a line that says so; a second time only the line."""
    if id(shell) not in _loaded:
        with contextlib.ExitStack() as stack:
            stack.enter_context(interrupt.curing(shell))
            stack.enter_context(logs.visible(shell))
            stack.enter_context(tracebacks.shortening(shell))
            stack.enter_context(tracebacks.noticing(shell))
            stack.enter_context(_given(shell))
            stack.enter_context(_magic(shell, "cell", "node", node.magic(shell)))
            stack.enter_context(_magic(shell, "line", "progress", magic()))
            _loaded[id(shell)] = stack.pop_all()
    print(_ready_line())


def unload(shell: Any) -> None:
    """Put everything back as it was before `load`."""
    if stack := _loaded.pop(id(shell), None):
        stack.close()


@contextlib.contextmanager
def _given(shell: Any) -> Iterator[None]:
    """Let messages call no cell of the course the student's, as long as it is as it was released."""
    files: set[str] = set()
    with contextlib.suppress(OSError, ValueError, KeyError, AttributeError):  # then lines say less
        files.update(_files_given(shell))
    GIVEN.update(files)
    try:
        yield
    finally:
        GIVEN.difference_update(files)


def _files_given(shell: Any) -> Iterator[str]:
    """Yield the file names by which this kernel knows the released cells of this folder's section.

    ipykernel/compiler.py, `get_file_name`: a cell's file is named after its text.
    """
    name, here = Path.cwd().name, Path(__file__).resolve().parents[2]
    release = here / "notebooks" / name / f"{name}.ipynb"
    if not hasattr(shell, "kernel") or not release.is_file():
        return
    cells = json.loads(release.read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        source, marks = "".join(cell["source"]), cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] == "code" and not marks.get("solution"):
            yield shell.compile.get_code_name(source, source, 0)


@contextlib.contextmanager
def _magic(shell: Any, kind: str, name: str, function: Callable[..., None]) -> Iterator[None]:
    magics = shell.magics_manager.magics[kind]
    before = magics.get(name)
    shell.register_magic_function(function, kind, name)
    try:
        yield
    finally:
        del magics[name]
        if before is not None:
            magics[name] = before


def _ready_line() -> str:
    """Return "Listo: sección 3 · Python 3.12 · Node 20 · reloj virtual"; the folder tells the section."""
    section = re.match(r"(\d\d)_", Path.cwd().name)
    try:
        javascript = f"Node {find_node().major}"
    except NodeError:
        javascript = "sin Node (las celdas %%node no funcionan)"
    parts = [f"sección {int(section[1])}"] if section else []
    parts += [f"Python {sys.version_info[0]}.{sys.version_info[1]}", javascript, "reloj virtual"]
    return f"Listo: {' · '.join(parts)}"
