"""The judge: runs the test cells, and never the student's code, which runs in a child."""

from __future__ import annotations

import contextlib
import inspect
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from grader.classroom import sandbox
from grader.classroom.bench import Placeholder, RemoteEngine
from grader.classroom.cells import compile_cell, file_name, names_bound
from grader.classroom.sandbox import Launch
from grader.classroom.session import JudgeFault, Load, Session
from grader.message import CheckFailed
from grader.outcome import ENGINE

MAX_TEXT = 8_000  # characters of a message
MAX_SLIP = 300  # characters of the error of a test cell itself
MAX_DRAWN = 20_000  # values in a timeline that is drawn: a run of some hundred tasks
HIDDEN = ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS")


@dataclass(frozen=True)
class Verdict:
    """What a graded cell gets. earned None: a fault of ours, no mark.

    message is for the student, full for the instructor; hidden: it failed in a hidden case; proven: a service
    was asked, whose log is the judge's own. slip: the error of the test cell itself, be it a mistake in it or
    a value that it does not expect: grader.classroom.soundness knows which.
    """

    grade_id: str
    points: float
    earned: float | None
    state: str  # "passed", "failed", "untried", "fault"
    message: str
    full: str
    outputs: list[NotebookNode] = field(default_factory=list)
    proven: bool = False
    hidden: bool = False
    slip: str = ""


def role(cell: NotebookNode) -> str:
    """Return what a code cell is to the judge: "test", "solution", "student", "setup", "example"; else ""."""
    if cell.cell_type != "code":
        return ""
    marks = cell.metadata.get("nbgrader", {})
    if marks.get("grade") and not marks.get("solution"):
        return "test"
    if marks.get("solution"):
        return "solution"
    if cell.metadata.get("grader", {}).get("origin") == "student":
        return "student"
    return "setup" if "setup" in cell.metadata.get("tags", []) else "example"


def grade(
    reference: NotebookNode,
    merged: NotebookNode,
    *,
    beside: Path | None = None,
    launch: Launch | None = None,
) -> list[Verdict]:
    """Grade a merged submission by the test cells of the reference notebook.

    beside: the reference's folder, whose modules its cells import. launch: how the child is started; by
    default in the machine's sandbox. One child holds the submission; each graded cell runs in a fork of it.
    Raises NoSandbox.
    """
    return grade_again(reference, merged, 1, beside=beside, launch=launch)[0]


def grade_again(
    reference: NotebookNode,
    merged: NotebookNode,
    times: int,
    *,
    beside: Path | None = None,
    launch: Launch | None = None,
) -> list[list[Verdict]]:
    """Do as `grade`, `times` times: the submission is loaded once, each graded cell gets `times` forks."""
    tests = {cell.metadata.nbgrader.grade_id: cell for cell in reference.cells if role(cell) == "test"}
    trusted = _trusted_cells(reference)
    launch = launch or sandbox.find()
    try:
        with _importable(beside), Session(launch, beside, times) as session:
            found = [
                [_grade_cell(session, tests[name], trusted[name]) for _ in range(times)]
                for name in _walk(session, merged, tests)
            ]
    except JudgeFault as fault:
        return [[_fault(cell, str(fault)) for cell in tests.values()]] * times
    return [list(verdicts) for verdicts in zip(*found, strict=True)] or [[]] * times


@contextlib.contextmanager
def _importable(folder: Path | None) -> Iterator[None]:
    path = [] if folder is None else [str(folder)]
    sys.path += path
    try:
        yield
    finally:
        for entry in path:
            sys.path.remove(entry)


def _walk(session: Session, merged: NotebookNode, tests: dict[str, NotebookNode]) -> Any:
    """Load the cells in order; yield each graded cell where it stands, so that only cells above it count."""
    for cell in merged.cells:
        kind = role(cell)
        if kind == "test" and cell.metadata.nbgrader.grade_id in tests:
            yield cell.metadata.nbgrader.grade_id
        elif kind in ("solution", "student", "setup", "example"):
            session.load(Load(cell.id, cell.source, kind != "example"))


def _trusted_cells(reference: NotebookNode) -> dict[str, dict[str, Any]]:
    """Return for each test the code of the course above it, and placeholders for what students define."""
    names: set[str] = set()
    codes: list[Any] = []
    above: dict[str, dict[str, Any]] = {}
    for cell in reference.cells:
        kind = role(cell)
        if kind == "solution":
            names |= names_bound(cell.source)
        elif kind in ("setup", "example"):
            codes.append(compile_cell(cell.source, cell.id, whole=kind == "setup"))
        elif kind == "test":
            above[cell.metadata.nbgrader.grade_id] = {"codes": list(codes), "names": sorted(names)}
    return above


def _grade_cell(session: Session, cell: NotebookNode, above: dict[str, Any]) -> Verdict:
    engine = RemoteEngine(session)
    namespace: dict[str, Any] = {
        "__name__": "__main__",
        "print": lambda *texts: engine.say(" ".join(map(str, texts))),
    }
    error: BaseException | None = None
    engine.open()
    token = ENGINE.set(engine)
    try:
        for code in above["codes"]:
            exec(code, namespace)
        engine.said.clear()  # what a setup cell prints belongs to no check
        namespace |= {name: Placeholder(name) for name in above["names"]}
        code = compile_cell(cell.source, cell.id, whole=True)
        if code.co_flags & inspect.CO_COROUTINE:
            raise SyntaxError(
                "'await' outside function"
            )  # executed, it would make a coroutine and check nothing
        exec(code, namespace)
    except JudgeFault as fault:
        return _fault(cell, str(fault))
    except Exception as problem:
        error = problem
    finally:
        ENGINE.reset(token)
        engine.close()
    return _verdict(cell, engine, error)


def _verdict(cell: NotebookNode, engine: RemoteEngine, error: BaseException | None) -> Verdict:
    marks = cell.metadata.nbgrader
    lines = _tame("\n".join(engine.said)) + "\n"
    said = [new_output("stream", name="stdout", text=lines)] if engine.said else []
    if error is None:
        text = _tame("\n".join(engine.said))
        return Verdict(marks.grade_id, marks.points, marks.points, "passed", text, text, said, engine.proven)
    hidden = _is_hidden(cell, error)
    if not isinstance(error, AssertionError):
        return _slip(cell, error, hidden)
    checked = isinstance(error, CheckFailed)
    full = _tame(str(error) if checked else f"✗ {marks.grade_id}\n  {type(error).__name__}: {error}")
    state = error.state if isinstance(error, CheckFailed) else "failed"
    message = _tame(error.concealed()) if isinstance(error, CheckFailed) and hidden else full
    shown = [] if hidden or engine.shown is None else [_picture(*engine.shown)]
    failure = new_output("error", ename="CheckFailed", evalue=message, traceback=message.splitlines())
    outputs = [*said, *filter(None, shown), failure]
    return Verdict(marks.grade_id, marks.points, 0.0, state, message, full, outputs, engine.proven, hidden)


def _tame(text: str) -> str:
    """Return a text that a student's values may be part of, short enough, and without control characters."""
    cut = text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}\n… (recortado)"
    return "".join(c if c == "\n" or c.isprintable() else "\ufffd" for c in cut)


def _picture(outcome: Any, expected_end: float | None) -> NotebookNode | None:
    try:
        timeline = outcome.timeline
        if _size(timeline.to_dict()) > MAX_DRAWN:
            return None
        data = timeline.expecting(expected_end)._repr_mimebundle_()
    except Exception:  # the timeline is the child's word: a forged one is not drawn
        return None
    output: NotebookNode = new_output("display_data", data=data)
    return output


def _size(data: Any) -> int:
    """Return how many values a structure of plain data has."""
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return 1 + sum(map(_size, inner))


def _is_hidden(cell: NotebookNode, error: BaseException) -> bool:
    """Tell whether the error came from the hidden part of the test cell."""
    name = file_name(cell.id)
    lines = [
        frame.lineno or 0 for frame in traceback.extract_tb(error.__traceback__) if frame.filename == name
    ]
    marks = [[i for i, line in enumerate(cell.source.splitlines(), 1) if mark in line] for mark in HIDDEN]
    return bool(lines) and any(begin < lines[0] < end for begin, end in zip(*marks, strict=False))


def _slip(cell: NotebookNode, error: BaseException, hidden: bool) -> Verdict:
    """Return the verdict of a test cell that fails by itself: only CheckFailed and assert judge an answer."""
    marks = cell.metadata.nbgrader
    what = _tame(f"{type(error).__name__}: {error}".partition("\n")[0])[:MAX_SLIP]
    full = f"sin nota: la prueba falla por sí misma ({what}); arréglala en solutions/ y corrige de nuevo"
    told = "en un caso oculto" if hidden else f"({what}); mira qué devuelves y qué pides"
    message = f"sin nota: la prueba se interrumpe {told}, o cuéntaselo a quien da el curso"
    return Verdict(marks.grade_id, marks.points, None, "fault", message, full, hidden=hidden, slip=what)


def _fault(cell: NotebookNode, reason: str) -> Verdict:
    marks = cell.metadata.nbgrader
    text = f"sin nota: fallo de la corrección, no del alumno ({reason}); corrige de nuevo"
    return Verdict(marks.grade_id, marks.points, None, "fault", text, text)
