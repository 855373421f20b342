"""The marks of a class as nbgrader's gradebook has them, and who has none and why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Grade, SubmittedAssignment, SubmittedNotebook

from grader.classroom import result
from grader.trouble import Unable

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
    submissions = {one.student_id: one for one in gradebook.assignment_submissions(assignment.name)}
    unmarked = _unmarked(gradebook, assignment)
    found = []
    for student in sorted(student.id for student in gradebook.students):
        blank = Mark(assignment.name, student, most, due=due)
        found.append(_mark(blank, submissions.get(student), data, unmarked))
    return found


def _unmarked(gradebook: Any, assignment: Any) -> set[str]:
    """Return the submissions (by nbgrader's own id) with a cell that has neither automatic nor manual points.

    nbgrader's sums count such a cell as 0.
    """
    query = (
        gradebook.db.query(SubmittedNotebook.assignment_id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .filter(SubmittedAssignment.assignment_id == assignment.id)
        .filter(Grade.auto_score.is_(None), Grade.manual_score.is_(None))
    )
    return {row[0] for row in query.distinct()}


def _mark(blank: Mark, submission: Any, data: Path, unmarked: set[str]) -> Mark:
    last = result.load(result.path_of(data, blank.section, blank.student))
    when = str(submission.timestamp or "") if submission is not None else ""
    why = ""
    if last is not None and last.status != result.GRADED:
        words = {result.UNGRADABLE: "no calificable", result.FAULT: "fallo de la corrección"}
        why = f"{words.get(last.status, last.status)} ({last.reason}): mira la entrega y corrígela otra vez"
    elif submission is None:
        why = MISSING
    elif submission.id in unmarked:
        why = MANUAL if last is not None else UNMARKED
    elif submission.needs_manual_grade:
        why = MANUAL
    if why:
        return Mark(blank.section, blank.student, blank.most, why=why, due=blank.due, timestamp=when)
    raw, penalty = float(submission.score), float(submission.late_submission_penalty or 0)
    score = max(0.0, raw - penalty)
    return Mark(blank.section, blank.student, blank.most, score, raw, penalty, "", blank.due, when)
