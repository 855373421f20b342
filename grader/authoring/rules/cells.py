"""Runs a notebook of the course cell by cell with nbval, and sees what nbval does not.

nbval misses a failed cell that sends no error output (IPython prints exception groups on stderr), does not
demand the exception of a cell tagged raises-exception, and excuses all cells after one that timed out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from copy import copy
from typing import Any

import pytest
from nbformat import NotebookNode
from nbgrader.utils import determine_grade, has_failed
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, RunningKernel
from nbval.plugin import IPyNbCell, IPyNbFile, NbCellError, coalesce_streams, find_metadata_tags

from grader.authoring import notebook_format
from grader.authoring.rules.form import ANSI
from grader.authoring.section import SERVER
from grader.judge.roles import role

CELL_LIMIT = 60.0  # seconds


class Kernel(RunningKernel):  # type: ignore[misc]
    """nbval's kernel, which also keeps the reply to the last cell."""

    reply: dict[str, Any] | None = None

    def get_message(self, stream: str, timeout: float | None = None) -> dict[str, Any]:
        message: dict[str, Any] = super().get_message(stream, timeout)
        if message["msg_type"] == "execute_reply":
            self.reply = message["content"]
        return message


class CourseNotebook(IPyNbFile):  # type: ignore[misc]
    """A notebook of solutions/ or notebooks/; its items are its code cells, under their ids."""

    def setup(self) -> None:
        self.config.option.nbval_cell_timeout = CELL_LIMIT
        self.compare_outputs = True
        # How a picture is written depends on matplotlib's version; its text, beside it, does not.
        self.skip_compare: tuple[str, ...] = (*self.skip_compare, "text/html")
        self.kernel = Kernel(CURRENT_ENV_KERNEL_NAME, cwd=str(self.path.parent))

    def collect(self) -> Iterator[CourseCell]:
        self.nb = notebook_format.read(self.path)
        solved = self.path.parents[1].name == "solutions"
        if any(SERVER in cell.source for cell in self.nb.cells):
            self.add_marker("real_server")
        for cell in self.nb.cells:
            if cell.cell_type == "code":
                yield CourseCell.from_parent(self, name=cell.id, cell=cell, solved=solved)


class CourseCell(IPyNbCell):  # type: ignore[misc]
    """A code cell: it runs as it must, prints what it stored, and earns all points if solved, else none."""

    def __init__(self, name: str, parent: CourseNotebook, cell: NotebookNode, solved: bool) -> None:
        options = defaultdict(bool, find_metadata_tags(cell.metadata))
        options.setdefault("check", True)
        super().__init__(name, parent, 0, cell, options)
        cell.outputs = coalesce_streams(cell.outputs)  # nbval does so at each run, and changes them in place
        self._solved = solved
        self.user_properties.append(("notebook", True))

    def setup(self) -> None:
        """Do without nbval's: it expects cells to fail once one has timed out."""

    def runtest(self) -> None:
        for turn in range(1, self._times + 1):
            if self.parent.timed_out:
                self.raise_cell_error("not run: a cell above timed out")
            self.parent.kernel.reply = None
            super().runtest()
            for fault in (self._points(), self._ending(self.parent.kernel.reply)):
                if fault:
                    self.raise_cell_error(fault + (f" (run {turn} of {self._times})" if turn > 1 else ""))

    @property
    def _times(self) -> int:
        return self.config.getoption("--repeat") if role(self.cell) == "test" else 1

    def _ending(self, reply: dict[str, Any] | None) -> str:
        """Say what is wrong with how the cell ended, by the kernel's own word."""
        raises = "raises-exception" in self.cell.metadata.get("tags", [])
        if reply is None:
            return f"it did not end within {CELL_LIMIT:g} s"
        if reply["status"] == "error" and not raises:
            return f"it raised {reply['ename']}: {reply['evalue']}"
        if reply["status"] == "ok" and raises:
            return "it is tagged raises-exception and raised nothing"
        return ""

    def _points(self) -> str:
        if role(self.cell) != "test":
            return ""
        graded = copy(self.cell)
        graded.outputs = self.test_outputs
        earned, most = determine_grade(graded)
        if self._solved and earned != most:
            return f"{earned:g} of {most:g} points in the kernel"
        if not self._solved and (
            earned != 0 or not has_failed(graded)
        ):  # a reto's points are a bonus, not here
            return f"it passes in the kernel without a solution ({earned:g} points)"
        return ""

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> str:
        error = excinfo.value
        if not isinstance(error, NbCellError):
            return f"cell {self.name}: {type(error).__name__}: {error}"
        return "\n".join(
            [f"cell {self.name}: {error}", "", error.source, ANSI.sub("", error.inner_traceback or "")]
        ).rstrip()

    def reportinfo(self) -> tuple[Any, int, str]:
        return self.path, 0, f"{self.path.parent.relative_to(self.config.rootpath)}: {self.name}"
