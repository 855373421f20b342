"""A made-up class for `demo`: answers of tests/answers, right and wrong, accidents, hostile submissions."""

from __future__ import annotations

import copy
import itertools
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from grader.authoring.section import Section

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
