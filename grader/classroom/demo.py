"""`python3 -m grader demo`: a made-up class, from submissions to marks and feedback, in its own folder."""

from __future__ import annotations

import copy
import itertools
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from grader.authoring.section import Section
from grader.classroom.report import WORDS
from grader.classroom.result import GRADED, UNGRADABLE, Result
from grader.cli.bootstrap import ROOT
from grader.cli.trouble import Arguments, Unable
from grader.judge.check import quicken

if TYPE_CHECKING:
    from rich.table import Table

    from grader.authoring.course import Course


Make = Callable[[Path], None]  # writes what a student hands in into a folder of its own

RIGHT, WRONG = 4, 12  # students, at most, whose answers are all right, or all wrong
HONEST = {"correcta", "celdas-copiadas", "pruebas-borradas", "ficheros-al-lado"}  # get every point
UNSOLVED = {"sin-intentar", "pruebas-cambiadas"}  # get none
REFUSED = {
    "archivo-roto",
    "otro-nombre",
    "otro-curso",
    "enlace",
}  # cannot be graded; all others get some of the points
BROKEN = b'{"nbformat": 4, "cells": ['  # the file of a student whose disk was full

_ACCIDENTS = {
    "interbloqueo": "await asyncio.Event().wait()",
    "bucle-sin-fin": "while True:\n    pass",
    "acaba-su-proceso": "import os\nos._exit(0)",
}
_HOSTILE = {
    "llena-la-memoria": "return bytearray(1 << 40)",
    "bomba-de-procesos": "import os\nwhile True:\n    os.fork()",
    "llena-el-disco": "open('x', 'wb').write(bytes(1 << 27))",
    "busca-en-la-red": "import socket\nsocket.create_connection(('192.0.2.1', 80))",
    "lee-las-soluciones": "import glob\nreturn open(glob.glob('/**/solutions', recursive=True)[0]).read()",
    "mata-a-su-padre": "import os\nos.kill(os.getppid(), 9)",
    "detiene-a-su-padre": "import os\nos.kill(os.getppid(), 19)",
    "informe-falso": (
        "from grader.checks.service import BOOK\n"
        "BOOK.get()._port.send({'op': 'done', 'report': {'value': 1, 'refused': None, 'error': None,"
        " 'elapsed': 1.0, 'timeline': None, 'facts': []}})"
    ),
    "inunda": (
        "import os\nfrom grader.checks.service import BOOK\n"
        "while True:\n    os.write(BOOK.get()._port._writer, b'x')"
    ),
}


def submissions(section: Section) -> Iterator[tuple[str, Make]]:
    """Yield students of a class that takes the section, and how each one's folder is made."""
    yield from _from_answers(section)
    yield from _partly_solved(section)
    yield "sin-intentar", _notebook(section, section.release)
    for student, body in (_ACCIDENTS | _HOSTILE).items():
        yield student, _notebook(section, solved(section, {_first(section): _first_answer(section, body)}))
    yield "celdas-copiadas", _notebook(section, _doubled(solved(section, {})))
    yield "pruebas-borradas", _notebook(section, _without_tests(solved(section, {})))
    yield "pruebas-cambiadas", _notebook(section, _forged(section))
    yield "archivo-roto", _file(f"{section.name}.ipynb", BROKEN)
    yield "otro-nombre", _file("Untitled.ipynb", json.dumps(section.release).encode())
    yield "otro-curso", _notebook(section, new_notebook(cells=[new_code_cell("import pandas as pd")]))
    yield "enlace", _link(section)
    yield "ficheros-al-lado", _beside(section)


def solved(section: Section, answers: dict[str, str]) -> NotebookNode:
    """Return the release with these answers, and the course's own in the other exercises."""
    names = [exercise.grade_id for exercise in section.exercises]
    texts = {name: _source(section.source, name) for name in names} | answers
    notebook = copy.deepcopy(section.release)
    for cell in notebook.cells:
        cell.source = texts.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""), cell.source)
    return notebook


def _from_answers(section: Section) -> Iterator[tuple[str, Make]]:
    for student, kind, most in (("correcta", "right", RIGHT), ("errores", "wrong", WRONG)):
        names = [exercise.grade_id for exercise in section.exercises]
        columns = [sorted((section.answers / name / kind).glob("*.py"))[:most] for name in names]
        for number, row in enumerate(itertools.zip_longest(*columns), 1):
            pairs = zip(names, row, strict=True)
            texts = {name: _answer(path) for name, path in pairs if path is not None}
            yield f"{student}-{number:02}", _notebook(section, solved(section, texts))


def _answer(path: Path) -> str:
    """Return a stored answer as a student would write it, without the notes on what is due for it."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(itertools.dropwhile(lambda line: line.startswith("# "), lines))


def _partly_solved(section: Section) -> Iterator[tuple[str, Make]]:
    """Students who got so far and no further."""
    names = [exercise.grade_id for exercise in section.exercises]
    for done in range(1, len(names)):
        stubs = {name: _source(section.release, name) for name in names[done:]}
        yield f"hasta-el-{done}", _notebook(section, solved(section, stubs))


def _first(section: Section) -> str:
    return section.exercises[0].grade_id


def _first_answer(section: Section, body: str) -> str:
    """The first exercise's signature with another body."""
    head = _source(section.release, _first(section)).partition("\n")[0]
    return "\n    ".join([head, *body.splitlines()])


def _source(notebook: NotebookNode, name: str) -> str:
    cells = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name]
    return str(cells[0].source)


def _doubled(notebook: NotebookNode) -> NotebookNode:
    """Copy each cell of an exercise, as a slip of the keyboard does: plain nbgrader aborts a class at it."""
    cells = notebook.cells
    notebook.cells = [copy.deepcopy(cell) for cell in cells for _ in range(1 + ("nbgrader" in cell.metadata))]
    return notebook


def _without_tests(notebook: NotebookNode) -> NotebookNode:
    notebook.cells = [cell for cell in notebook.cells if not cell.metadata.get("nbgrader", {}).get("grade")]
    return notebook


def _forged(section: Section) -> NotebookNode:
    """Tests that test nothing, worth a thousand points each, below exercises that are not solved."""
    notebook = copy.deepcopy(section.release)
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("grade") and not marks.get("solution"):
            cell.source, cell.metadata.tags = "pass", ["skip-execution"]
            marks |= {"points": 1000, "schema_version": 99}
    return notebook


def _notebook(section: Section, notebook: NotebookNode) -> Make:
    return _file(f"{section.name}.ipynb", json.dumps(notebook).encode())


def _file(name: str, data: bytes) -> Make:
    def make(folder: Path) -> None:
        (folder / name).write_bytes(data)

    return make


def _link(section: Section) -> Make:
    def make(folder: Path) -> None:
        os.symlink(section.source_path, folder / f"{section.name}.ipynb")

    return make


def _beside(section: Section) -> Make:
    def make(folder: Path) -> None:
        _notebook(section, solved(section, {}))(folder)
        for name in ("grader.py", "asyncio.py", "sitecustomize.py"):
            (folder / name).write_text("raise SystemExit('mine')\n", encoding="utf-8")

    return make


SECTION = "03"
EVERY = "todas"


def main(argv: list[str]) -> int:
    """Grade made-up classes in a new temporary folder, print marks and where the feedback is.

    argv: sections, "todas" for all; by default one. 0 when all went as it should. Raises Unable.
    """
    parser = Arguments(add_help=False, allow_abbrev=False)
    parser.add_argument("sections", nargs="*", default=[SECTION])
    return run(ROOT, parser.parse_args(argv).sections, Path(tempfile.mkdtemp(prefix="grader-demo-")))


def run(root: Path, wanted: list[str], folder: Path) -> int:
    """Do as `main` with sections of the course at `root`, in the empty `folder`."""
    quicken()
    from rich.console import Console

    from grader.authoring.course import Course
    from grader.classroom import feedback, grade
    from grader.classroom.result import stored
    from grader.judge import sandbox

    sandbox.find()  # or nothing begins: some of the class are hostile
    course = Course(root)
    every = course.sections()
    names = every if wanted == [EVERY] else [grade.section_named(text, every) for text in wanted]
    _copy_course(root, names, folder)
    own = Course(folder)
    for name in names:
        _hand_in(own, name)
    grade.run(folder, names)
    feedback.run(folder, names)
    results = [result for name in names for result in stored(own.data, name)]
    console = Console()
    for name in names if len(names) == 1 else []:
        console.print(_table(results, name))
    console.print(f"Comentarios para cada alumno: {own.data / 'feedback'}", soft_wrap=True)
    return _verdict(results)


def _hand_in(course: Course, name: str) -> None:
    for student, make in submissions(course.section(name)):
        folder = course.submitted(name, student)
        folder.mkdir(parents=True)
        make(folder)


def _verdict(results: list[Result]) -> int:
    """Say whether everybody got what is due; a class whose marks are known shows whether grading works."""
    wrong = [f"{result.section} {result.student}" for result in results if not _is_due(result)]
    if wrong:
        print(f"✗ No tienen lo que les toca: {', '.join(wrong)}. Es un fallo del curso: cuéntalo.")
        return 1
    print(f"✓ Las {len(results)} entregas tienen lo que les toca.")
    return 0


def _is_due(result: Result) -> bool:
    kind = result.student.rstrip("-0123456789")
    if kind in REFUSED:
        return result.status == UNGRADABLE
    most = sum(mark.points for mark in result.marks)
    points = result.core + result.extra
    if kind in HONEST:
        return result.status == GRADED and points == most
    if kind in UNSOLVED:
        return result.status == GRADED and points == 0
    return result.status == GRADED and points < most


def _copy_course(root: Path, names: list[str], folder: Path) -> None:
    """Copy what a class needs to `folder`, so that it never touches the real gradebook. Raises Unable."""
    for name in names:
        parts = [f"solutions/{name}", f"notebooks/{name}", f"tests/answers/{name}"]
        if not all((root / part).is_dir() for part in parts):
            raise Unable(f"Faltan {', '.join(parts)}: usa el repositorio entero.")
        for part in parts:
            shutil.copytree(root / part, folder / part)
    shutil.copy(root / "nbgrader_config.py", folder)


def _table(results: list[Result], name: str) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(title=f"{name}: {len(results)} entregas", show_lines=True)
    for heading in ("entrega", "puntos", "extra"):
        table.add_column(heading, no_wrap=True)
    table.add_column("por qué", ratio=1)
    for result in results:
        points = f"{result.core:g}" if result.status == GRADED else "—"
        extra = f"{result.extra:g}" if result.extra else ""
        table.add_row(result.student, points, extra, Text("\n".join(_reasons(result))))
    return table


def _reasons(result: Result) -> list[str]:
    """Return why points are missing, a line for each exercise and cause: "3.1 fetch_all, −2 p: M08: ..."."""
    lost: dict[tuple[str, str], float] = {}
    for mark in result.marks:
        if mark.earned != mark.points:
            reason = _reason(mark.message)
            lost[reason] = lost.get(reason, 0) + mark.points
    lines = [f"{exercise}, −{points:g} p: {cause}".rstrip(": ") for (exercise, cause), points in lost.items()]
    return [f"{WORDS[result.status]}: {result.reason}"] if result.reason else lines


def _reason(message: str) -> tuple[str, str]:
    """Return the exercise and the cause that a message names; else the error, or what its title says."""
    title, *lines = (line.strip() for line in message.splitlines())
    exercise, _, rest = title.lstrip("✗○ ").partition(" — ")
    if title.startswith("○"):
        return exercise, "sin intentar"
    cause = next((line for line in lines if line.startswith("Causa probable")), "")
    if cause:
        named = re.compile(r"Causa probable(?: \((\w+)\))?: ")
        return exercise, named.sub(lambda found: f"{found[1]}: " if found[1] else "", cause)
    ended = next((line for line in lines if line.startswith("Obtuve:")), "")
    if any(line.endswith("que terminara sin error") for line in lines):
        return exercise, ended.partition(":")[2].strip()
    return exercise, f"{rest} (caso oculto)" if "caso oculto" in message else rest
