"""The rule that asks a kernel: a stored answer gets there, run after run, what the judge gives it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.utils import determine_grade
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, NbvalKernelspecManager

from grader.authoring.answers import Answer, Misplaced, points_of
from grader.authoring.rules.judge import judged
from grader.authoring.section import Section
from grader.judge.roles import role

CELL_LIMIT = 60  # seconds

_COMPILE = "__import__('grader.judge.cells').judge.cells.compile_cell"


@dataclass(frozen=True)
class Mark:
    """What a graded cell got in a kernel, by nbgrader's count, and what the student read there."""

    grade_id: str
    points: float
    earned: float
    full: str


def in_kernel(root: Path, path: Path, repeat: int) -> Iterator[str]:
    """An answer gets in a kernel the points that it gets in the judge; a wrong one is told a cause.

    One of several is enough: in a kernel a module's lock outlives the run, in the judge each cell has a fork.
    """
    try:
        answer = Answer.at(root, path)
    except Misplaced:
        return  # the judge's rule says so
    due = {verdict.grade_id: verdict.earned for verdict in judged(answer, 1)[0]}
    for turn in range(1, repeat + 1):
        try:
            marks = _kernel(answer).grade(answer.text)
        except (CellTimeoutError, DeadKernelError) as error:
            close()
            complaints = [str(error)]
        else:
            complaints = list(answer.complaints(marks, causes=any))
            complaints += [
                f"{mark.grade_id}: {points_of(mark)}, but {due[mark.grade_id]} in the judge\n{mark.full}"
                for mark in marks
                if mark.earned != due[mark.grade_id]
            ]
        if complaints:
            yield from [f"run {turn} of {repeat} in the kernel:", *complaints]
            return


class _Kernel:
    """A kernel that has run what the course gives in a section; it grades answers to one exercise."""

    def __init__(self, section: Section, name: str) -> None:
        [tests] = [exercise.tests for exercise in section.exercises if exercise.grade_id == name]
        self._cells = [new_code_cell(), *tests]
        notebook = new_notebook(cells=[*map(new_code_cell, _given(section.source)), *self._cells])
        manager = AsyncKernelManager(
            kernel_name=CURRENT_ENV_KERNEL_NAME, kernel_spec_manager=NbvalKernelspecManager()
        )
        where = {"metadata": {"path": str(section.source_path.parent)}}
        self._client = NotebookClient(
            notebook, manager, timeout=CELL_LIMIT, allow_errors=True, resources=where
        )
        with ExitStack() as stack:
            stack.enter_context(self._client.setup_kernel(stderr=subprocess.DEVNULL))
            # Asked to shut down, a kernel that hangs goes on, and takes a core until somebody ends it.
            stack.callback(_end, getattr(manager.provisioner, "process", None))
            for index, cell in enumerate(notebook.cells[: -len(self._cells)]):
                self._client.execute_cell(cell, index)
            self.close = stack.pop_all().close

    def grade(self, text: str) -> list[Mark]:
        """Run the answer and its tests, as a student does who tries again."""
        self._cells[0].source = text
        first = len(self._client.nb.cells) - len(self._cells)
        for index, cell in enumerate(self._cells, first):
            self._client.execute_cell(cell, index)
        return list(map(_mark, self._cells[1:]))


def _end(process: subprocess.Popen[bytes] | None) -> None:
    """End a kernel's process, whatever it does."""
    if process is not None:
        process.kill()
        process.wait()


_current: dict[tuple[Section, str], _Kernel] = {}  # one: an exercise's answers come one after another


def _kernel(answer: Answer) -> _Kernel:
    key = answer.section, answer.name
    if key not in _current:
        close()
        _current[key] = _Kernel(*key)
    return _current[key]


def close() -> None:
    """Shut the kernel down that the last answer ran in, if any."""
    while _current:
        _current.popitem()[1].close()


def _given(notebook: NotebookNode) -> Iterator[str]:
    """Yield what a kernel runs before an exercise: solutions, setup cells, and what examples define."""
    for cell in notebook.cells:
        kind = role(cell)
        if kind in ("solution", "setup"):
            yield cell.source
        elif kind == "example":
            yield f"exec({_COMPILE}({cell.source!r}, {cell.id!r}, whole=False))"


def _mark(test: NotebookNode) -> Mark:
    points, most = determine_grade(test)
    said = [output.get("text") or output.get("evalue") for output in test.outputs]
    return Mark(test.metadata.nbgrader.grade_id, most, points, "\n".join(filter(None, said)))
