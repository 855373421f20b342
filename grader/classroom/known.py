"""What the gradebook knows of a section: nbgrader's own step tells it, when the section is new or changed."""

from __future__ import annotations

import contextlib
import copy
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.utils import is_locked

from grader.authoring.release import generate
from grader.authoring.section import Section
from grader.classroom import marked
from grader.cli.trouble import Unable

Facts = dict[str, tuple[Any, ...]]  # by grade_id: source, type, whether it is locked, checksum, points


@dataclass(frozen=True)
class Rows:
    """The ids of a section's rows; those of its cells by grade_id."""

    assignment: str
    notebook: str
    graded: dict[str, str]
    solutions: dict[str, str]
    tasks: dict[str, str]


def learn(book: Gradebook, section: Section) -> Rows:
    """Make the gradebook know a section as its source is now. Raises Unable when nbgrader refuses."""
    expected = _expected(section)
    if _noted(book, section.name) != expected:
        book.db.rollback()  # hold nothing while nbgrader writes
        _teach(section)
    notebook = book.find_notebook(section.name, section.name)
    kinds = (notebook.grade_cells, notebook.solution_cells, notebook.task_cells)
    graded, solutions, tasks = ({cell.name: cell.id for cell in cells} for cells in kinds)
    rows = Rows(notebook.assignment.id, notebook.id, graded, solutions, tasks)
    book.db.rollback()
    return rows


def _expected(section: Section) -> Facts:
    """Return what nbgrader's SaveCells notes of each cell. Raises Unable."""
    book = marked.mark(copy.deepcopy(section.release), section.source, [])
    if [*_own(book)] != [*_own(section.source)]:
        raise Unable(f"notebooks/{section.name} no sale de solutions/: ejecuta python3 -m grader release.")
    return {
        name: (cell.source, cell.cell_type, is_locked(cell), marks.get("checksum"), marks.get("points"))
        for name, cell in _own(book).items()
        for marks in [cell.metadata.nbgrader]
    }


def _own(book: NotebookNode) -> dict[str, NotebookNode]:
    cells = (cell for cell in book.cells if "nbgrader" in cell.metadata)
    return {cell.metadata.nbgrader.grade_id: cell for cell in cells}


def _noted(book: Gradebook, name: str) -> Facts:
    with contextlib.suppress(ValueError):  # nbgrader's MissingEntry
        notebook = book.find_notebook(name, name)
        points = {cell.name: cell.max_score for cell in (*notebook.grade_cells, *notebook.task_cells)}
        return {
            cell.name: (cell.source, cell.cell_type, cell.locked, cell.checksum, points.get(cell.name))
            for cell in notebook.source_cells
        }
    return {}


def _teach(section: Section) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            generate(section.root, Path(folder), [section.name], gradebook=True)
        except Unable as error:
            if "there are submissions associated" not in str(error):
                raise
            raise Unable(
                f"solutions/{section.name} ya tiene notas y ahora tiene otras celdas: devuélvele aquellas "
                f"o borra sus notas con nbgrader db assignment remove {section.name} --force."
            ) from error
