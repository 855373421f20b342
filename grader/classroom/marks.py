"""The marks of a class as nbgrader's gradebook has them, and who has none and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nbgrader.api import Grade, Student, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import case, func

from grader.classroom import result
from grader.cli.trouble import Unable

MISSING = "sin entrega"
MANUAL = "falta corregir a mano: hazlo en el formgrader"
UNMARKED = "sin corregir: ejecuta python3 -m grader grade"


@dataclass(frozen=True)
class Mark:
    """A student's mark in a section. score: raw less penalty, at least 0; None if there is none: see `why`.

    most: points of the core. due, timestamp: as nbgrader writes them, or "".
    """

    section: str
    student: str
    most: float
    score: float | None = None
    raw: float = 0.0
    penalty: float = 0.0
    why: str = ""
    due: str = ""
    timestamp: str = ""


def of_gradebook(gradebook: Any, data: Path, wanted: list[str]) -> list[Mark]:
    """Return a mark for each student in each section of `wanted`, or of all. Raises Unable."""
    assignments = {assignment.name: assignment for assignment in gradebook.assignments}
    for name in wanted:
        if name not in assignments:
            raise Unable(
                f"{name} no está en el libro de notas: corrígela con python3 -m grader grade {name[:2]}."
            )
    if not assignments or not gradebook.students:
        raise Unable(
            "El libro de notas está vacío: apunta a la clase (roster) y corrige sus entregas (grade)."
        )
    return [
        mark
        for name in sorted(set(wanted) or assignments)
        for mark in _of_section(gradebook, data, assignments[name])
    ]


def _of_section(gradebook: Any, data: Path, assignment: Any) -> list[Mark]:
    most, due = float(assignment.max_score or 0), str(assignment.duedate or "")
    sums = _sums(gradebook, assignment)
    found = []
    for (student,) in gradebook.db.query(Student.id).order_by(Student.id):
        blank = Mark(assignment.name, student, most, due=due)
        last = result.load(result.path_of(data, assignment.name, student))
        found.append(_mark(blank, sums.get(student), last))
    return found


@dataclass(frozen=True)
class _Sum:
    """nbgrader's sums of a submission; unmarked: cells with neither automatic nor manual points."""

    timestamp: str
    raw: float
    penalty: float
    cells: int
    unmarked: int
    manual: bool


def _sums(gradebook: Any, assignment: Any) -> dict[str, _Sum]:
    """Return the sums of each student who handed in, by two queries for the whole class.

    nbgrader's own properties give the same numbers by queries for each submission, minutes for a thousand.
    """
    unmarked = case((Grade.auto_score.is_(None) & Grade.manual_score.is_(None), 1), else_=0)
    penalty = _penalties(gradebook, assignment)
    rows = (
        gradebook.db.query(
            SubmittedAssignment.id,
            SubmittedAssignment.student_id,
            SubmittedAssignment.timestamp,
            *(func.sum(Grade.score), func.count(Grade.id)),
            *(func.sum(unmarked), func.max(case((Grade.needs_manual_grade, 1), else_=0))),
        )
        .outerjoin(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .outerjoin(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .filter(SubmittedAssignment.assignment_id == assignment.id)
        .group_by(SubmittedAssignment.id, SubmittedAssignment.student_id, SubmittedAssignment.timestamp)
    )
    return {
        student: _Sum(
            str(when or ""), float(raw or 0), penalty.get(name, 0.0), cells, unmarked or 0, bool(manual)
        )
        for name, student, when, raw, cells, unmarked, manual in rows
    }


def _penalties(gradebook: Any, assignment: Any) -> dict[str, float]:
    """Return the late penalty of each submission by nbgrader's own id."""
    query = (
        gradebook.db.query(
            SubmittedNotebook.assignment_id, func.sum(SubmittedNotebook.late_submission_penalty)
        )
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .filter(SubmittedAssignment.assignment_id == assignment.id)
        .group_by(SubmittedNotebook.assignment_id)
    )
    return {name: float(value or 0) for name, value in query}


def _mark(blank: Mark, sums: _Sum | None, last: result.Result | None) -> Mark:
    why = ""
    if last is not None and last.status != result.GRADED:
        words = {result.UNGRADABLE: "no calificable", result.FAULT: "fallo de la corrección"}
        why = f"{words.get(last.status, last.status)} ({last.reason}): mira la entrega y corrígela otra vez"
    elif sums is None:
        why = MISSING
    elif sums.manual and sums.unmarked < sums.cells:
        why = MANUAL
    elif sums.unmarked or not sums.cells:
        why = UNMARKED
    if sums is None or why:
        return replace(blank, why=why, timestamp=sums.timestamp if sums else "")
    score = max(0.0, sums.raw - sums.penalty)
    return replace(blank, score=score, raw=sums.raw, penalty=sums.penalty, timestamp=sums.timestamp)
