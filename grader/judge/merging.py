"""Puts a submission's sources into a fresh copy of the release. The work is linear in the number of cells."""

from __future__ import annotations

import copy
import itertools
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode

from grader.judge.prose import inert
from grader.judge.roles import role


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
