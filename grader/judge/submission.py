"""A submission as text: read as hostile data, and nothing kept of it but the sources of its cells.

What a file of MAX_BYTES can cost is bounded: about 30 times its size in memory, and time linear in its size.
"""

from __future__ import annotations

import codecs
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from traitlets.log import get_logger

from grader.judge import untrusted
from grader.judge.merging import merge, remarks
from grader.judge.origin import sections
from grader.judge.untrusted import MAX_BYTES, NotGradable

__all__ = ["MAX_BYTES", "NotGradable", "Submission", "merge", "parse", "read", "remarks", "set_aside", "take"]

MAX_CELLS = 2_000
MAX_SOURCE = 200_000  # characters of a cell
MAX_DEPTH = 200  # of the JSON
MAX_NAME = 200  # characters of an id

AGAIN = "ábrelo en JupyterLab y guárdalo otra vez"
RECOVER = "recupera una copia que se abra en JupyterLab"
NOT_OURS = {"timestamp.txt", ".ipynb_checkpoints"}  # nbgrader's and JupyterLab's, of no interest to anybody


@dataclass(frozen=True)
class Submission:
    """A notebook that can be graded: its bytes, its plain cells, and what lies beside it, to be ignored."""

    data: bytes
    notebook: NotebookNode
    ignored: list[str]


def take(folder: Path, name: str) -> Submission:
    """Read the notebook `name` of the submission in `folder`, the student's folder for that section.

    Neither the folder, nor its parent, nor the notebook may be a link. Raises NotGradable.
    """
    file = f"{name}.ipynb"
    with untrusted.opened(folder, below=2) as room:
        if not room.kind(file):
            raise NotGradable(_misnamed(room, file))
        data = room.read(file)
        return Submission(data, parse(data), untrusted.strangers(room, NOT_OURS | {file}))


def read(path: Path) -> NotebookNode:
    """Return a notebook reduced to its sources, with all checks of `take` but those of the folders above it.

    Raises NotGradable.
    """
    with untrusted.opened(path.parent, below=0) as room:
        return parse(room.read(path.name))


def set_aside(*, assignment: str, student: str, notebooks: list[str]) -> None:
    """nbgrader's hook before a submission: takes out of `notebooks` what it must not even open, and says why.

    With an empty list nbgrader gives this submission no mark and goes on with the next one.
    """
    folder = Path(notebooks[0]).parent
    log = get_logger()
    try:
        taken = take(folder, assignment)
        for releases in _releases(folder, assignment):
            sections(releases).demand(assignment, taken.notebook)
    except NotGradable as reason:
        log.error("%s: no calificable: %s", untrusted.printable(folder.parent.name), reason)
        notebooks.clear()
    else:
        if taken.ignored:
            ignored = ", ".join(taken.ignored)
            log.warning("%s: no cuentan: %s", untrusted.printable(folder.parent.name), ignored)


def _releases(folder: Path, name: str) -> Iterator[Path]:
    """Yield where the releases of the course are, if the hook, which is not told so, can find them."""
    places = (place / "notebooks" for place in (*folder.absolute().parents, Path.cwd()))
    yield from itertools.islice((place for place in places if (place / name / f"{name}.ipynb").is_file()), 1)


def _misnamed(room: untrusted.Folder, file: str) -> str:
    others = [name for name in room.names()[0] if name.lower().endswith(".ipynb")]
    if not others:
        return f"falta {file}: entrega el notebook con ese nombre"
    if len(others) > 1:
        return f"hay {len(others)} notebooks y ninguno se llama {file}: da ese nombre al que cuenta"
    return f"se llama «{untrusted.printable(others[0])}»; debe llamarse {file}: cámbiale el nombre"


def parse(data: bytes) -> NotebookNode:
    """Return a notebook's cells, each with its type, its id, its source and at most one mark, the grade_id.

    Raises NotGradable.
    """
    book = _json(_text(data))
    version = book.get("nbformat") if isinstance(book, dict) else None
    cells = book.get("cells") if isinstance(book, dict) else None
    if version != 4 or not isinstance(cells, list):
        raise NotGradable(f"no es un notebook de formato 4{_advice(version)}")
    cells = [cell for cell in cells if isinstance(cell, dict)]
    if not cells:
        raise NotGradable("no tiene celdas: recupera una copia del notebook con tus respuestas")
    if len(cells) > MAX_CELLS:
        raise NotGradable(f"tiene {len(cells)} celdas y el máximo es {MAX_CELLS}: borra las que sobran")
    notebook: NotebookNode = nbformat.from_dict({"cells": [*map(_plain, cells)]})
    for number, cell in enumerate(notebook.cells, 1):
        if len(cell.source) > MAX_SOURCE:
            raise NotGradable(f"su celda {number} tiene más de {MAX_SOURCE} caracteres: acórtala o bórrala")
    return notebook


def _advice(version: Any) -> str:
    if type(version) is not int or version == 4:
        return ": entrega el archivo .ipynb que guarda JupyterLab"
    newer = "guárdalo con el JupyterLab del curso (python3 -m grader lab)"
    return f", sino {version}: {AGAIN if version < 4 else newer}"


def _text(data: bytes) -> str:
    if not data.strip(b"\0 \t\r\n"):
        raise NotGradable("está vacío: recupera una copia del notebook con tus respuestas")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data[:4]:
        raise NotGradable("está en UTF-16 o UTF-32: guárdalo como UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotGradable(f"no es JSON válido en UTF-8: {RECOVER}") from None


_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)  # one that does not end goes to the end
_NO_BRACKET = re.compile(r"[^\[\]{}]++")
_STEPS = {"[": 1, "{": 1, "]": -1, "}": -1}


def _json(text: str) -> Any:
    brackets = _NO_BRACKET.sub("", _STRING.sub("", text))
    if max(itertools.accumulate(map(_STEPS.__getitem__, brackets)), default=0) > MAX_DEPTH:
        raise NotGradable(f"su JSON tiene más de {MAX_DEPTH} niveles: borra sus salidas y guárdalo otra vez")
    try:
        return json.loads(text, parse_int=_whole, parse_float=lambda _: 0.0, parse_constant=lambda _: None)
    except json.JSONDecodeError as error:
        raise NotGradable(f"no es JSON válido en UTF-8 (línea {error.lineno}): {RECOVER}") from None


def _whole(digits: str) -> int:
    """Return a number as it is while it is small: of large ones, which take long to read, none counts."""
    return int(digits) if len(digits) < 10 else 0


def _plain(cell: dict[str, Any]) -> dict[str, Any]:
    kind, source, metadata = cell.get("cell_type"), cell.get("source"), cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = _name(marks.get("grade_id")) if isinstance(marks, dict) else ""
    lines = source if isinstance(source, list) else [source]
    return {
        "cell_type": kind if kind in ("code", "markdown") else "raw",
        "id": _name(cell.get("id")),
        "metadata": {"nbgrader": {"grade_id": name}} if name else {},
        "source": _clean("".join(line for line in lines if isinstance(line, str))),
    }


def _name(value: Any) -> str:
    return value if isinstance(value, str) and len(value) <= MAX_NAME else ""


def _clean(source: str) -> str:
    """Return a text that can be written and compiled: no halves of characters and no NUL."""
    whole = source.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\0", "\N{REPLACEMENT CHARACTER}").replace("\r\n", "\n")
