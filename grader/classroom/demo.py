"""`python3 -m grader demo`: a made-up class, from submissions to marks and feedback, in its own folder."""

from __future__ import annotations

import copy
import json
import re
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.bootstrap import ROOT
from grader.check import quicken
from grader.trouble import Arguments, Unable

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from rich.table import Table

    from grader.classroom.section import Section

SECTION = "03_tasks"
CLASS = (("correcta", "right", 2), ("errores", "wrong", 5))  # students, their answers, at most how many
BROKEN = '{"nbformat": 4, "cells": ['  # the file of a student whose disk was full
STUCK = "\n    await asyncio.Event().wait()"
ENDLESS = "\n    while True:\n        pass"


@dataclass(frozen=True)
class Mark:
    """What one submission got: points of the section, extra points of its reto, and why points are missing.

    points None: the submission could not be graded.
    """

    student: str
    points: float | None
    extra: float
    reasons: list[str]


def main(argv: list[str]) -> int:
    """Grade the class in a new temporary folder, print marks and where the feedback is; 0. Raises Unable."""
    Arguments(add_help=False, allow_abbrev=False).parse_args(argv)
    return run(ROOT, SECTION, Path(tempfile.mkdtemp(prefix="grader-demo-")))


def run(root: Path, name: str, folder: Path) -> int:
    """Do as `main` with the section `name` of the course at `root`, in the empty `folder`."""
    quicken()
    from rich.console import Console
    from rich.progress import track

    from grader.classroom import sandbox

    sandbox.find()  # or nothing begins
    console = Console()
    section = _copy_course(root, name, folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SQLAlchemy's remarks on nbgrader
        with console.status("Preparo el curso y la clase"):
            api = _nbgrader(folder)
            _done(api.generate_assignment(name))
            students = _submit(folder / ".nbgrader" / "submitted", section)
        marks = [_grade(api, section, student) for student in track(students, "Corrijo", console=console)]
        with console.status("Escribo los comentarios"):
            _done(api.generate_feedback(name))
    console.print(_table(marks, section))
    console.print(f"Comentarios para cada alumno: {folder / '.nbgrader' / 'feedback'}", soft_wrap=True)
    return 0


def _copy_course(root: Path, name: str, folder: Path) -> Section:
    """Copy what the demo needs to `folder`, so that it never touches the real gradebook. Raises Unable."""
    from grader.classroom.section import Section

    if not (root / "solutions" / name).is_dir() or not (root / "tests" / "answers" / name).is_dir():
        raise Unable(f"Faltan solutions/{name} o tests/answers/{name}: usa el repositorio entero.")
    for part in (f"solutions/{name}", f"tests/answers/{name}"):
        shutil.copytree(root / part, folder / part)
    shutil.copy(root / "nbgrader_config.py", folder)
    return Section(folder, name)


def _nbgrader(folder: Path) -> Any:
    """Return nbgrader's own interface, with the settings of the course at `folder`."""
    from nbgrader.apps.api import NbGraderAPI
    from traitlets.config.loader import PyFileConfigLoader

    config = PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()
    config.CourseDirectory.root = str(folder)
    return NbGraderAPI(config=config, log_level="CRITICAL")


def _done(result: dict[str, Any]) -> None:
    if not result["success"]:
        raise RuntimeError(result.get("error") or result.get("log"))


def _submit(folder: Path, section: Section) -> list[str]:
    """Write the submissions of the class; return the students."""
    students = []
    for student, notebook in _class(section):
        path = folder / student / section.name / f"{section.name}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(notebook if isinstance(notebook, str) else json.dumps(notebook), encoding="utf-8")
        students.append(student)
    return students


def _class(section: Section) -> Iterator[tuple[str, NotebookNode | str]]:
    """Yield students and notebooks: answers of tests/answers, one to each exercise, and some accidents."""
    names = [exercise.grade_id for exercise in section.exercises]
    reference = {name: _source(section.source, name) for name in names}
    for student, kind, count in CLASS:
        answers = {name: sorted((section.answers / name / kind).glob("*.py"))[:count] for name in names}
        for number in range(max(map(len, answers.values()))):
            files = {name: paths[number] for name, paths in answers.items() if number < len(paths)}
            texts = {name: path.read_text(encoding="utf-8") for name, path in files.items()}
            yield f"{student}-{number + 1}", _solved(section, reference | texts)
    first = names[0]
    head = _source(section.release, first).partition("\n")[0]
    yield "sin-intentar", section.release
    yield "interbloqueo", _solved(section, reference | {first: head + STUCK})
    yield "bucle-sin-fin", _solved(section, reference | {first: head + ENDLESS})
    yield "celdas-copiadas", _doubled(_solved(section, reference))
    yield "archivo-roto", BROKEN


def _source(notebook: NotebookNode, name: str) -> str:
    cells = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name]
    return str(cells[0].source)


def _solved(section: Section, answers: dict[str, str]) -> NotebookNode:
    notebook = copy.deepcopy(section.release)
    for cell in notebook.cells:
        cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""), cell.source)
    return notebook


def _doubled(notebook: NotebookNode) -> NotebookNode:
    """Copy each cell of an exercise, as a slip of the keyboard does: plain nbgrader aborts a class at it."""
    cells = notebook.cells
    notebook.cells = [copy.deepcopy(cell) for cell in cells for _ in range(1 + ("nbgrader" in cell.metadata))]
    return notebook


def _grade(api: Any, section: Section, student: str) -> Mark:
    """Grade one submission through nbgrader and read its marks from the gradebook."""
    from grader.classroom import normal, submission

    step = section.root / ".nbgrader"
    file = Path(student) / section.name / f"{section.name}.ipynb"
    try:
        submission.read(step / "submitted" / file)
    except submission.NotGradable as reason:
        api.autograde(section.name, student)  # nbgrader passes it by, and the class goes on
        return Mark(student, None, 0, [f"no calificable: {reason}"])
    _done(api.autograde(section.name, student))
    with api.gradebook as gradebook:
        notebooks = gradebook.find_submission(section.name, student).notebooks
        grades = [(grade.auto_score or 0, grade.max_score) for book in notebooks for grade in book.grades]
    core, extra = (sum(score for score, most in grades if bool(most) is counts) for counts in (True, False))
    return Mark(student, core, extra, _reasons(normal.read(step / "autograded" / file)))


def _reasons(graded: NotebookNode) -> list[str]:
    """Return why points are missing, a line for each exercise and cause: "3.1 fetch_all, −2 p: M08: ..."."""
    lost: dict[tuple[str, str], float] = {}
    for cell in graded.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                reason = _reason(output.evalue)
                points = cell.metadata.nbgrader.points or cell.metadata.get("grader", {}).get("bonus", 0)
                lost[reason] = lost.get(reason, 0) + points
    return [f"{exercise}, −{points:g} p: {cause}".rstrip(": ") for (exercise, cause), points in lost.items()]


def _reason(message: str) -> tuple[str, str]:
    """Return the exercise and the cause that a message names; without a cause, what its title says."""
    title, *lines = (line.strip() for line in message.splitlines())
    exercise, _, rest = title.lstrip("✗○ ").partition(" — ")
    if title.startswith("○"):
        return exercise, "sin intentar"
    cause = next((line for line in lines if line.startswith("Causa probable")), "")
    if cause:
        named = re.compile(r"Causa probable(?: \((\w+)\))?: ")
        return exercise, named.sub(lambda found: f"{found[1]}: " if found[1] else "", cause)
    return exercise, f"{rest} (caso oculto)" if "caso oculto" in message else rest


def _table(marks: list[Mark], section: Section) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(title=f"{section.name}: {len(marks)} entregas", show_lines=True)
    for heading in ("entrega", "puntos", "extra"):
        table.add_column(heading, no_wrap=True)
    table.add_column("por qué", ratio=1)
    for mark in marks:
        points = "—" if mark.points is None else f"{mark.points:g}"
        extra = f"{mark.extra:g}" if mark.extra else ""
        table.add_row(mark.student, points, extra, Text("\n".join(mark.reasons)))
    return table
