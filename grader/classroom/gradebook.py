"""The one writer of marks: nbgrader's gradebook, the graded notebooks, and the results beside them."""

from __future__ import annotations

import contextlib
import copy
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, from_dict
from nbgrader.api import (
    Comment,
    Grade,
    Gradebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    get_alembic_version,
    new_uuid,
)
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_locked, is_task
from sqlalchemy import inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from grader.authoring.course import MAX_STAMP, Course
from grader.authoring.release import generate
from grader.authoring.section import Section
from grader.classroom import graded_notebook, result
from grader.classroom.result import Result
from grader.cli.trouble import Unable, writing

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
    book = graded_notebook.mark(copy.deepcopy(section.release), section.source, [])
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


PATIENCE = 60  # seconds to wait for another program that writes into the same sqlite file
LOCKED = (
    "Otro programa tiene ocupado el libro de notas: ciérralo y sigue con python3 -m grader grade --resume."
)


class Writer:
    """Saves results, one after the other, so that whoever stops it at any moment can run it again.

    A context manager, used by one thread. Raises Unable when the gradebook cannot be opened or written.
    """

    def __init__(self, course: Course) -> None:
        self._course = course
        self._known: dict[str, Rows] = {}
        self._late = AssignLatePenalties(config=course.config)
        self._late.init_plugin()

    def __enter__(self) -> Writer:
        directory = self._course.directory
        with _told():
            self._book = Gradebook(_patient(directory.db_url), directory.course_id)
            _finish(self._book)
        return self

    def __exit__(self, *error: object) -> None:
        self._book.close()

    def prepare(self, name: str) -> None:
        """Make the gradebook know a section as its source is now. Raises Unable when nbgrader refuses."""
        with _told():
            self._known[name] = learn(self._book, self._course.section(name))

    def saved(self, name: str) -> set[str]:
        """Return who has a row for the section `name`, which was prepared."""
        query = self._book.db.query(SubmittedAssignment.student_id)
        with _told(), self._transaction():
            return {row[0] for row in query.filter_by(assignment_id=self._known[name].assignment)}

    def save(self, graded: Result, notebook: str, stamp: datetime | None) -> None:
        """Save a result: its rows in one transaction, then the graded notebook, then the result itself.

        notebook: JSON, "" if there is none. stamp: when it was handed in, in UTC. Points, comments and extra
        credit that a person gave stay. Raises Unable.
        """
        known = self._known[graded.section]
        with _told(), self._transaction():
            own = self._rows(known, graded.student, stamp)
            self._grade(known, own, graded, notebook)
            self._penalise(own, graded.student)
        with writing(self._course.data):
            self._put(graded, notebook)
            result.save(self._course.data, graded)

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            yield
            self._book.db.commit()
        finally:
            self._book.db.rollback()
            self._book.db.expunge_all()  # a batch of any size takes the memory of one

    def _rows(self, known: Rows, student: str, stamp: datetime | None) -> SubmittedNotebook:
        """Return the row of a submitted notebook; what is missing is made as add_submission makes it."""
        session = self._book.db
        if session.get(Student, student) is None:
            session.add(Student(id=student))
        found = session.query(SubmittedAssignment).filter_by(
            assignment_id=known.assignment, student_id=student
        )
        submission = found.one_or_none()
        if submission is None:
            submission = SubmittedAssignment(assignment_id=known.assignment, student_id=student)
            self._add(known, submission)
        if stamp is not None:
            submission.timestamp = stamp
        session.flush()
        mine = session.query(SubmittedNotebook).filter_by(assignment_id=submission.id)
        return mine.filter_by(notebook_id=known.notebook).one()

    def _add(self, known: Rows, submission: SubmittedAssignment) -> None:
        session = self._book.db
        submission.id, notebook = new_uuid(), new_uuid()
        own = SubmittedNotebook(id=notebook, assignment_id=submission.id, notebook_id=known.notebook)
        session.add_all([submission, own])
        session.flush()
        for kind, cells in ((Grade, known.graded), (Comment, known.solutions)):
            names = [*cells.values(), *known.tasks.values()]
            session.add_all([kind(cell_id=cell, notebook_id=notebook) for cell in names])

    def _grade(self, known: Rows, own: SubmittedNotebook, graded: Result, notebook: str) -> None:
        """Do as SaveGrades does: nbgrader/preprocessors/saveautogrades.py, _add_score and _add_comment."""
        session = self._book.db
        scores, remarks = _said_by(graded, notebook)
        grades = {grade.cell_id: grade for grade in session.query(Grade).filter_by(notebook_id=own.id)}
        for name, cell in known.graded.items():
            grade = grades[cell]
            grade.auto_score = scores.get(name)
            grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        comments = {each.cell_id: each for each in session.query(Comment).filter_by(notebook_id=own.id)}
        for name, cell in (known.solutions | known.tasks).items():
            comments[cell].auto_comment = remarks.get(name)

    def _penalise(self, own: SubmittedNotebook, student: str) -> None:
        """Do as nbgrader/preprocessors/latesubmissions.py does, with the plugin of the course."""
        session = self._book.db
        own.late_submission_penalty = None
        session.flush()
        seconds = own.assignment.total_seconds_late
        if seconds > 0:
            session.refresh(own, ["score"])
            penalty = self._late.plugin_inst.late_submission_penalty(student, own.score, seconds)
            if penalty is not None:
                own.late_submission_penalty = self._late._check_late_penalty(own, penalty)

    def _put(self, graded: Result, notebook: str) -> None:
        folder = self._course.autograded(graded.section, graded.student)
        path = folder / f"{graded.section}.ipynb"
        if not notebook:
            path.unlink(missing_ok=True)
            return
        folder.mkdir(parents=True, exist_ok=True)
        _replace(path, notebook.encode())
        stamp = self._course.submitted(graded.section, graded.student) / "timestamp.txt"
        if stamp.is_file() and not stamp.is_symlink():  # by it nbgrader knows whether this is the newest
            with stamp.open("rb") as file:
                _replace(folder / stamp.name, file.read(MAX_STAMP))


def _replace(path: Path, data: bytes) -> None:
    """Write a file in one step, read-only as nbgrader's."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.write_bytes(data)
    fresh.chmod(0o444)
    os.replace(fresh, path)


def _said_by(graded: Result, notebook: str) -> tuple[dict[str, float | None], dict[str, str]]:
    """Return the points of each graded cell, and the comments on answers, by grade_id."""
    scores: dict[str, float | None] = {mark.grade_id: mark.earned for mark in graded.marks}
    remarks = {}
    for cell in _own_cells(notebook):
        marks = cell.metadata.nbgrader
        if is_grade(cell) and marks.grade_id not in scores:
            scores[marks.grade_id] = determine_grade(cell)[0]
        if marks.solution and marks.get("checksum") == compute_checksum(cell) and not is_task(cell):
            remarks[marks.grade_id] = "No response."
    return scores, remarks


def _own_cells(notebook: str) -> Iterator[NotebookNode]:
    """Yield the cells that nbgrader knows."""
    for cell in json.loads(notebook)["cells"] if notebook else ():
        if "nbgrader" in cell["metadata"]:
            yield from_dict(cell | {"source": "".join(cell["source"])})


def _patient(url: str) -> str:
    """Return the address of a database, with the order to wait while another program writes."""
    parts = make_url(url)
    if parts.get_backend_name() != "sqlite" or "timeout" in parts.query:
        return url
    patient: str = parts.update_query_dict({"timeout": str(PATIENCE)}).render_as_string(False)
    return patient


def _finish(book: Gradebook) -> None:
    """Note the version of a gradebook whose maker was stopped halfway: nbgrader never would."""
    if inspect(book.engine).has_table("alembic_version"):
        return
    version = get_alembic_version()
    with book.engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": version})


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Turn what the database refuses into an `Unable` that says what to do."""
    try:
        yield
    except ModuleNotFoundError as error:  # the driver that db_url asks for
        raise Unable(
            f"El libro de notas necesita {error.name}: instálalo con python3 -m pip install {error.name}."
        ) from error
    except DBAPIError as error:
        reason = str(error.orig)
        if "locked" in reason:
            raise Unable(LOCKED) from error
        raise Unable(f"El libro de notas falla ({reason}): revisa db_url en nbgrader_config.py.") from error
