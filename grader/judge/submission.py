"""A submitted notebook: read as hostile data, reduced to the sources of its cells, merged with the release.

What a file of MAX_BYTES can cost is bounded: about 30 times its size in memory, and time linear in its size.
"""

from __future__ import annotations

import codecs
import copy
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

from grader.judge import files
from grader.judge.files import NotGradable
from grader.judge.origin import sections
from grader.judge.roles import role

MAX_PROSE = 20_000  # characters; a longer text is shown as it stands: to read it as Markdown may take long

# What Markdown hands on to a browser beyond words. It is looked for everywhere, in code too: what counts as
# code is answered differently by each program that reads Markdown.
_ACTIVE = re.compile(
    r"""<[A-Za-z/!?]             # a tag, a comment, an address in angle brackets
    | !\[                        # a picture
    | \]\((?!https?://)          # a link to anything but another machine
    | (?i:https?)://(?![\w-]+\.[\w.-]*[A-Za-z](?![\w.:@-]))  # this machine, or one without a name
    | \]:                        # where a link leads whose text stands elsewhere
    | (?:```|~~~)\s*mermaid
    | \\(?:bbox|class|cssId|data|def|href|html|let|mml|new|renew|require|style|unicode|url)  # beyond formulas
    """,
    re.VERBOSE,
)


def inert(text: str) -> str:
    """Return Markdown that shows `text` and does nothing else, whichever program draws it.

    That is `text` itself while it has nothing but words, lists, tables, code, formulas and links to other
    machines; otherwise a block of code that holds it letter by letter.
    """
    if len(text) <= MAX_PROSE and not _ACTIVE.search(text):
        return text
    # Indented, because a fence could be closed by what stands in it.
    lines = re.split(r"\r\n|\r|\n", text)
    return "\n".join(f"    {line}" if line else "" for line in lines)


@dataclass(frozen=True)
class _Plan:
    """Where things go: `answers` by their cell of the release, `added` before a cell of the release."""

    answers: dict[int, str]
    added: dict[int, list[str]]
    remarks: list[str]


def merge(release: NotebookNode, submitted: NotebookNode) -> NotebookNode:
    """Return a fresh copy of the release with the sources of the student's cells.

    Answers come by grade_id, else by cell id; of several copies the last one that was changed counts. Code
    cells that the student added or changed keep their place and get the metadata {"grader": {"origin":
    "student"}}. An answer in words that a page could obey becomes code; `written` tells it as it was.
    Metadata, tags, outputs and tests of the submission never matter.
    """
    plan = _plan(release, submitted)
    merged = copy.deepcopy(release)
    taken = {cell.get("id") for cell in merged.cells}
    names = (name for number in itertools.count(1) if (name := f"student-{number}") not in taken)
    cells: list[NotebookNode] = []
    for slot, cell in enumerate([*merged.cells, None]):
        cells += [_student_cell(next(names), source) for source in plan.added.get(slot, [])]
        if cell is None:
            break
        if slot in plan.answers:
            cell.source = plan.answers[slot]
            if cell.cell_type != "code":
                _write_inert(cell)
            if role(cell) == "example":
                cell.metadata = _student_metadata()
        cells.append(cell)
    merged.cells = cells
    return merged


def remarks(release: NotebookNode, submitted: NotebookNode) -> list[str]:
    """Return what an instructor may want to know of a submission: copied, missing and changed cells."""
    return _plan(release, submitted).remarks


def _write_inert(cell: NotebookNode) -> None:
    """Let an answer in words show itself and no more; its metadata keep what the student wrote."""
    shown = inert(cell.source)
    if shown != cell.source:
        cell.metadata.setdefault("grader", NotebookNode()).written = cell.source
        cell.source = shown


def written(cell: NotebookNode) -> str:
    """Return a cell of a merged notebook as the student wrote it."""
    own = cell.metadata.get("grader")
    text = own.get("written") if isinstance(own, dict) else None
    return text if isinstance(text, str) else str(cell.source)


def _student_metadata() -> NotebookNode:
    metadata: NotebookNode = nbformat.from_dict({"grader": {"origin": "student"}})
    return metadata


def _student_cell(name: str, source: str) -> NotebookNode:
    cell: NotebookNode = nbformat.v4.new_code_cell(source, id=name, metadata=_student_metadata())
    return cell


def _plan(release: NotebookNode, submitted: NotebookNode) -> _Plan:
    copies = _copies(release.cells, submitted.cells)
    slots = {index: slot for slot, found in copies.items() for index in found}
    counts = {slot: _choose(release.cells[slot], found, submitted.cells) for slot, found in copies.items()}
    places = _places(len(submitted.cells), release.cells, counts)
    answers: dict[int, str] = {}
    added: dict[int, list[str]] = {}
    for index, cell in enumerate(submitted.cells):
        slot = slots.get(index)
        given = None if slot is None else release.cells[slot]
        counted = slot is not None and counts[slot] == index
        if slot is not None and counted and _replaces(release.cells[slot], cell):
            answers[slot] = cell.source
        elif _is_own(given, cell):
            below = slot + 1 if slot is not None and counted else places[index]
            added.setdefault(below, []).append(cell.source)
    return _Plan(answers, added, _remarks(release.cells, submitted.cells, copies))


def _copies(release: list[NotebookNode], submitted: list[NotebookNode]) -> dict[int, list[int]]:
    """Return for each cell of the release the cells of the submission that stem from it, in their order.

    They are known by grade_id, else by cell id, else by an equal text (some editors drop both).
    """
    keys = (_grade_id, _cell_id, _text)
    names = [{key(cell): slot for slot, cell in reversed([*enumerate(release)])} for key in keys]
    copies: dict[int, list[int]] = {}
    for index, cell in enumerate(submitted):
        found = [known.get(key(cell)) for key, known in zip(keys, names, strict=True) if key(cell)]
        slot = next((slot for slot in found if slot is not None), None)
        if slot is not None:
            copies.setdefault(slot, []).append(index)
    return copies


def _grade_id(cell: NotebookNode) -> str:
    marks = cell.metadata.get("nbgrader")
    name = marks.get("grade_id") if isinstance(marks, dict) else None
    return name if isinstance(name, str) else ""


def _cell_id(cell: NotebookNode) -> str:
    return str(cell.get("id", ""))


def _text(cell: NotebookNode) -> str:
    return f"{cell.cell_type} {cell.source.strip()}" if cell.source.strip() else ""


def _is_answer(cell: NotebookNode) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def _changed(given: NotebookNode, cell: NotebookNode) -> bool:
    return bool(given.source.strip() != cell.source.strip())


def _choose(given: NotebookNode, found: list[int], submitted: list[NotebookNode]) -> int:
    """Return which copy of a cell counts: the last changed one that is not empty, else the first."""
    written = [i for i in found if _changed(given, submitted[i]) and submitted[i].source.strip()]
    return written[-1] if written else found[0]


def _replaces(given: NotebookNode, cell: NotebookNode) -> bool:
    """Tell whether the student's text takes the place of the release's: in answers and changed examples."""
    example = role(given) == "example" and "nbgrader" not in given.metadata and cell.cell_type == "code"
    return _changed(given, cell) and (_is_answer(given) or example)


def _is_own(given: NotebookNode | None, cell: NotebookNode) -> bool:
    """Tell whether a cell is kept beside the release's: new code, or a changed copy of anything but a test.

    A given cell (imports, functions) that the student changed is kept too: it may have got one import more.
    """
    if cell.cell_type != "code" or not cell.source.strip():
        return False
    return given is None or (role(given) != "test" and _changed(given, cell))


def _places(count: int, release: list[NotebookNode], counts: dict[int, int]) -> list[int]:
    """Return for each cell of a submission before which cell of the release it would stand as an added one.

    That is below the cell that it follows. Where the release's answer cell is not in the submission it stands
    below that one too: it may be the answer, stripped of its marks, and a stub below it would undo it.
    """
    slots = {at: slot for slot, at in counts.items()}
    lost = [-1]  # the last lost answer above each cell of the release
    for slot, cell in enumerate(release):
        lost.append(slot if slot not in counts and _is_answer(cell) else lost[-1])
    starts = [0]
    for index in range(count):
        starts.append(slots[index] + 1 if index in slots else starts[-1])
    places, end = [0] * count, len(release)
    for index in reversed(range(count)):
        places[index] = lost[end] + 1 if lost[end] >= starts[index] else min(starts[index], end)
        end = slots.get(index, end)
    return places


def _remarks(
    release: list[NotebookNode], submitted: list[NotebookNode], copies: dict[int, list[int]]
) -> list[str]:
    lines = []
    for slot, cell in enumerate(release):
        name, found = _grade_id(cell), copies.get(slot, [])
        if name and not found:
            lines.append(f"{name}: la celda falta en la entrega")
        if name and len(found) > 1 and _is_answer(cell):
            lines.append(f"{name}: {len(found)} copias; cuenta la última que se cambió")
        if role(cell) == "test" and any(_changed(cell, submitted[index]) for index in found):
            lines.append(f"{name}: la prueba se cambió; cuenta la del curso")
    return lines


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
    with files.opened(folder, below=2) as room:
        if not room.kind(file):
            raise NotGradable(_misnamed(room, file))
        data = room.read(file)
        return Submission(data, parse(data), files.strangers(room, NOT_OURS | {file}))


def read(path: Path) -> NotebookNode:
    """Return a notebook reduced to its sources, with all checks of `take` but those of the folders above it.

    Raises NotGradable.
    """
    with files.opened(path.parent, below=0) as room:
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
        log.error("%s: no calificable: %s", files.printable(folder.parent.name), reason)
        notebooks.clear()
    else:
        if taken.ignored:
            ignored = ", ".join(taken.ignored)
            log.warning("%s: no cuentan: %s", files.printable(folder.parent.name), ignored)


def _releases(folder: Path, name: str) -> Iterator[Path]:
    """Yield where the releases of the course are, if the hook, which is not told so, can find them."""
    places = (place / "notebooks" for place in (*folder.absolute().parents, Path.cwd()))
    yield from itertools.islice((place for place in places if (place / name / f"{name}.ipynb").is_file()), 1)


def _misnamed(room: files.Folder, file: str) -> str:
    others = [name for name in room.names()[0] if name.lower().endswith(".ipynb")]
    if not others:
        return f"falta {file}: entrega el notebook con ese nombre"
    if len(others) > 1:
        return f"hay {len(others)} notebooks y ninguno se llama {file}: da ese nombre al que cuenta"
    return f"se llama «{files.printable(others[0])}»; debe llamarse {file}: cámbiale el nombre"


def parse(data: bytes) -> NotebookNode:
    """Return a notebook's cells, each with its type, its id, its source and at most one mark, the grade_id.

    Raises NotGradable.
    """
    book = _json(_decoded(data))
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


def _decoded(data: bytes) -> str:
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
