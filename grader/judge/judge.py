"""The judge: runs the test cells, and never the student's code, which runs in a child."""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from grader.checks.message import CheckFailed, concealed
from grader.checks.outcome import ENGINE
from grader.judge import sandbox
from grader.judge.cells import compile_cell, compile_test, names_bound
from grader.judge.remote_run import Placeholder, RemoteEngine
from grader.judge.roles import role
from grader.judge.sandbox import Launch
from grader.judge.session import TOO_BUSY, Cell, JudgeFault, Session

MAX_TEXT = 8_000  # characters of a message
MOST_TRIES = 3  # of a graded cell for which the machine is too busy
MAX_PICTURE = 1_000_000  # characters of a picture
MAX_SLIP = 300  # characters of the error of a test cell itself
HIDDEN = ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS")


@dataclass(frozen=True)
class Verdict:
    """What a graded cell gets. earned None: a fault of ours, no mark.

    message is for the student, full for the instructor; hidden: it failed in a hidden case; proven: a service
    was asked, whose log is the judge's own. slip: the error of the test cell itself, be it a mistake in it or
    a value that it does not expect: grader.authoring.soundness knows which.
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


def grade(
    reference: NotebookNode,
    merged: NotebookNode,
    *,
    beside: Path | None = None,
    launch: Launch | None = None,
    given_up: Collection[str] = (),
    began: Callable[[str], object] = str,
    draws: bool = True,
) -> list[Verdict]:
    """Grade a merged submission by the test cells of the reference notebook.

    beside: the reference's folder, whose modules its cells import. launch: how the child is started; by
    default in the machine's sandbox. given_up: graded cells that fail unseen, since they took more than the
    judge may spend. began: is told each graded cell before it begins. draws: whether a failed attempt is
    drawn, not only told as text. One child holds the submission; each graded cell runs in a fork of it.
    Raises NoSandbox.
    """
    how: Any = {"beside": beside, "launch": launch, "given_up": given_up, "began": began, "draws": draws}
    return grade_again(reference, merged, 1, **how)[0]


def grade_again(
    reference: NotebookNode,
    merged: NotebookNode,
    times: int,
    *,
    beside: Path | None = None,
    launch: Launch | None = None,
    given_up: Collection[str] = (),
    began: Callable[[str], object] = str,
    draws: bool = True,
) -> list[list[Verdict]]:
    """Do as `grade`, `times` times: the submission is loaded once, each graded cell gets `times` forks.

    What a hidden case asks reaches the child when every message of a visible one has been written: no
    notebook can show it. So the fork of a cell whose visible part holds is put aside for its hidden part. A
    fork that is lost meanwhile has its cell graded again in a child of its own, in which nothing comes after.
    Repeated gradings, of the course's own answers, do both parts at once.
    """
    tests = {cell.metadata.nbgrader.grade_id: cell for cell in reference.cells if role(cell) == "test"}
    trusted = _trusted_cells(reference)
    launch = launch or sandbox.find()

    def run_visible(session: Session, names: Collection[str], aside: bool) -> dict[str, list[_Graded]]:
        found: dict[str, list[_Graded]] = {}
        for name in _walk(session, merged, {name: tests[name] for name in names}):
            found[name] = [run_cell(session, name, aside) for _ in range(times)]
        return found

    def run_cell(session: Session, name: str, aside: bool) -> _Graded:
        """Run a graded cell, again in a fresh fork where the machine was too busy for it."""
        for _ in range(MOST_TRIES):
            if not (graded := begin(session, name, aside)).busy:
                return graded
        raise JudgeFault(TOO_BUSY)

    def begin(session: Session, name: str, aside: bool) -> _Graded:
        began(name)
        graded = _Graded(session, tests[name], trusted[name], draws)
        if name in given_up:
            graded.give_up()
        else:
            graded.run_visible(aside)
        return graded

    def run_alone(name: str, before: Session) -> tuple[_Graded, Session]:
        """Run a graded cell in children of its own, with what the session before has left of the time."""
        for _ in range(MOST_TRIES):
            with Session(launch, beside, times) as session:
                session.go_on_from(before)
                [graded] = [
                    begin(session, name, aside=False) for _ in _walk(session, merged, {name: tests[name]})
                ]
            if not graded.busy:
                return graded, session
            before = session
        raise JudgeFault(TOO_BUSY)

    def run_hidden(name: str, rounds: list[_Graded]) -> bool:
        began(name)
        return all([each.run_hidden() for each in rounds])

    def verdicts(name: str, rounds: list[_Graded]) -> list[Verdict]:
        began(name)  # to draw its pictures is part of it
        return [each.verdict() for each in rounds]

    try:
        with _importable(beside):
            with Session(launch, beside, times) as session:
                graded = run_visible(session, tests, aside=times == 1 and session.forks)
                lost = [name for name, rounds in graded.items() if not run_hidden(name, rounds)]
            for name in lost:  # what was put aside went down with another cell, or was busy
                again, session = run_alone(name, session)
                again.tell_as(graded[name][0])
                graded[name] = [again]
    except JudgeFault as fault:
        return [[_fault(cell, str(fault)) for cell in tests.values()]] * times
    rounds = [verdicts(name, rounds) for name, rounds in graded.items()]
    return [list(each) for each in zip(*rounds, strict=True)] or [[]] * times


@contextlib.contextmanager
def _importable(folder: Path | None) -> Iterator[None]:
    """Let cells import the modules of a folder, and forget these after: each section has its `checks`."""
    if folder is None:
        yield
        return
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name, module in [*sys.modules.items()]:
            if Path(getattr(module, "__file__", None) or ".").parent == folder:
                del sys.modules[name]


def _walk(session: Session, merged: NotebookNode, tests: dict[str, NotebookNode]) -> Any:
    """Load the cells in order; yield each graded cell where it stands, so that only cells above it count."""
    for cell in merged.cells:
        kind = role(cell)
        if kind == "test" and cell.metadata.nbgrader.grade_id in tests:
            yield cell.metadata.nbgrader.grade_id
        elif kind in ("solution", "student", "setup", "example"):
            session.load(Cell(cell.id, cell.source, kind != "example", kind in ("setup", "example")))


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


class _Graded:
    """One graded cell: its visible part, then its hidden part, each once, and the verdict."""

    def __init__(self, session: Session, cell: NotebookNode, above: dict[str, Any], draws: bool) -> None:
        self._session, self._cell, self._above, self._draws = session, cell, above, draws
        self._engine = RemoteEngine(session)
        self._namespace: dict[str, Any] = {"__name__": "__main__", "print": self._print}
        self._hidden: CodeType | None = None  # what is still to run
        self._in_hidden = False
        self._error: BaseException | None = None
        self._number = 0

    def _print(self, *texts: object) -> None:
        if not self._in_hidden:  # what a hidden case prints is for nobody
            self._engine.said.append(" ".join(map(str, texts)))

    @property
    def busy(self) -> bool:
        """Whether the machine was too busy to find out what the cell gets."""
        return isinstance(self._error, CheckFailed) and self._error.state == "busy"

    def give_up(self) -> None:
        """Fail unseen."""
        title = self._cell.metadata.nbgrader.grade_id
        self._error = CheckFailed(
            title, ["Corregir esta celda pasa los límites de la corrección: sin puntos."]
        )

    def run_visible(self, aside: bool) -> None:
        """Run what stands outside the hidden region; the rest too, unless its fork is put `aside` for it."""
        try:
            visible, self._hidden = compile_test(self._cell.source, self._cell.id, HIDDEN[0])
        except SyntaxError as slip:
            self._error = slip
            return
        self._number = self._engine.open()
        try:
            self._run(*self._above["codes"])
            self._engine.said.clear()  # what a setup cell prints belongs to no check
            self._namespace |= {name: Placeholder(name) for name in self._above["names"]}
            self._run(visible)
            if self._hidden is None or self._error is not None:
                pass
            elif aside:
                self._session.park_cell()
            else:
                self._run_rest()
        finally:
            self._engine.close()

    def run_hidden(self) -> bool:
        """Run what is left, in the fork that was put aside. False if that fork is lost, or was too busy."""
        if self._hidden is None or self._error is not None:
            return True
        if not self._session.resume_cell(self._number):
            return False
        try:
            self._run_rest()
        finally:
            self._engine.close()
        return not self.busy

    def tell_as(self, before: _Graded) -> None:
        """Show of the visible part what was seen when it ran before, and held: hidden cases came in between.

        Should it fail now, nothing is told but that. Whatever hidden cases asked might be found in it.
        """
        said = self._engine.said[len(before._engine.said) :] if self._in_hidden or self._error is None else []
        self._engine.said = [*before._engine.said, *said]
        self._in_hidden = True

    def _run_rest(self) -> None:
        code, self._hidden = self._hidden, None
        self._in_hidden = self._engine.hidden = True
        if code is not None:
            self._run(code)

    def _run(self, *codes: CodeType) -> None:
        """Execute codes of the course, as far as nothing has failed yet. Raises JudgeFault."""
        token = ENGINE.set(self._engine)
        try:
            for code in codes if self._error is None else ():
                exec(code, self._namespace)
        except JudgeFault:
            raise
        except MemoryError:
            self._error = MemoryError()  # another, that does not hold what filled the memory
            self._namespace.clear()
            self._engine.shown = None
        except Exception as problem:
            self._error = problem
        finally:
            ENGINE.reset(token)

    def verdict(self) -> Verdict:
        """Return what the cell gets."""
        marks, engine, error = self._cell.metadata.nbgrader, self._engine, self._error
        text = _tame("\n".join(engine.said))
        said = [new_output("stream", name="stdout", text=text + "\n")] if engine.said else []
        if error is None:
            return Verdict(
                marks.grade_id, marks.points, marks.points, "passed", text, text, said, engine.proven
            )
        hidden = self._in_hidden
        if not isinstance(error, AssertionError | MemoryError):
            return _slip(self._cell, error, hidden)
        checked = isinstance(error, CheckFailed)
        full = _tame(str(error) if checked else f"✗ {marks.grade_id}\n  {type(error).__name__}: {error}")
        state = error.state if isinstance(error, CheckFailed) else "failed"
        untold = error.concealed() if isinstance(error, CheckFailed) else concealed(marks.grade_id)
        message = _tame(untold) if hidden else full
        shown = [] if hidden or engine.shown is None else [_picture(*engine.shown, self._draws)]
        failure = new_output("error", ename="CheckFailed", evalue=message, traceback=message.splitlines())
        outputs = [*said, *filter(None, shown), failure]
        return Verdict(
            marks.grade_id, marks.points, 0.0, state, message, full, outputs, engine.proven, hidden
        )


def _tame(text: str) -> str:
    """Return a text that a student's values may be part of, short enough, and without control characters."""
    cut = text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}\n… (recortado)"
    return "".join(c if c == "\n" or c.isprintable() else "\ufffd" for c in cut)


def _picture(outcome: Any, expected_end: float | None, draws: bool) -> NotebookNode | None:
    try:
        picture = outcome.timeline.expecting(expected_end)
        data = picture._repr_mimebundle_() if draws else {"text/plain": picture.text()}
    except Exception:  # the timeline is the child's word: a forged one is not drawn
        return None
    if sum(map(len, data.values())) > MAX_PICTURE:
        return None
    output: NotebookNode = new_output("display_data", data=data)
    return output


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
