"""A submission's child: loading its cells, one fork per graded cell, limits and ends."""

from __future__ import annotations

import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.classroom.line import ENDED, MALFORMED, Gone, Line
from grader.classroom.sandbox import Launch

START_LIMIT = 30.0  # seconds until "hello": a child that never says it is a fault of ours
LOAD_LIMIT = 3.0  # seconds a cell may take to load
CELL_LIMIT = 20.0  # seconds all runs of one graded cell may take
TOTAL_LIMIT = 240.0  # seconds a submission may take, however many cells it has
GRACE = 3.0  # seconds the child gets to notice its own limits
MAX_MESSAGES = 200_000  # messages of one run


class JudgeFault(Exception):
    """Something of ours failed: the submission gets no mark, never a zero."""


@dataclass(frozen=True)
class Load:
    """A cell to load: `whole`, or only its definitions."""

    cell_id: str
    source: str
    whole: bool


class Session:
    """The child of one submission. A context manager: on leaving, nothing of the child is left.

    launch: how the child is started. beside: folder of the section; the child gets a copy of its modules.
    times: how often it is graded; each time has TOTAL_LIMIT seconds.
    """

    def __init__(self, launch: Launch, beside: Path | None = None, times: int = 1) -> None:
        self._launch = launch
        self._line: Line | None = None
        self._loaded: list[Load] = []
        self._poison: dict[str, Any] = {}
        self._home = tempfile.TemporaryDirectory(prefix="grader-")
        self._end = time.monotonic() + TOTAL_LIMIT * times
        modules = Path(self._home.name) / "modules"
        modules.mkdir()
        for module in sorted(beside.glob("*.py")) if beside else ():
            shutil.copyfile(module, modules / module.name)
        for path in (modules, *modules.iterdir()):
            path.chmod(0o755)  # whatever the umask: a sandbox reads them as somebody else
        self.in_cell, self.deadline = False, 0.0

    def __enter__(self) -> Session:
        self._start()
        return self

    def __exit__(self, *error: object) -> None:
        if self._line is not None:
            self._line.close()
        self._home.cleanup()

    @property
    def line(self) -> Line:
        """The line to the child of now."""
        assert self._line is not None
        return self._line

    def _start(self) -> None:
        self._line = Line(self._launch, Path(self._home.name))
        try:
            hello = self.line.receive(START_LIMIT)
        except Gone as reason:
            why = self.line.complaint() or reason
            raise JudgeFault(f"el proceso de corrección no arranca: {why}") from None
        if hello.get("op") != "hello":
            raise JudgeFault("el proceso de corrección no saluda")

    def load(self, cell: Load) -> Any:
        """Load a cell into the child; return its error as plain data, or None."""
        self._loaded.append(cell)
        return self._load(cell)

    def _load(self, cell: Load) -> Any:
        """Load a cell. One that takes the child with it is tried again in a fresh one, then passed over.

        The first child may have died of what an earlier cell left behind.
        """
        for fresh in (False, True):
            if cell.cell_id in self._poison:
                return self._poison[cell.cell_id]
            if self._spent:
                return _not_loaded(_over())
            try:
                return self._ask_to_load(cell)
            except Gone as reason:
                if fresh:
                    self._poison[cell.cell_id] = _not_loaded(str(reason))
                self._restart(before=cell)
        return self._poison[cell.cell_id]

    def _ask_to_load(self, cell: Load) -> Any:
        text = {"do": "load", "id": cell.cell_id, "source": cell.source, "whole": cell.whole}
        self.line.allow()
        self.line.send(text | {"limit": LOAD_LIMIT})
        return self.line.receive(LOAD_LIMIT + GRACE).get("error")

    @property
    def _spent(self) -> bool:
        return time.monotonic() > self._end

    def _restart(self, before: Load | None = None) -> None:
        """Start a fresh child and load what was loaded, up to the cell `before`."""
        self.line.close()
        self._start()
        for cell in self._loaded:
            if cell is before:
                return
            self._load(cell)

    def open_cell(self) -> None:
        """Fork for a graded cell, which has CELL_LIMIT seconds for all its runs. Raises Gone."""
        if self._spent:
            raise Gone(_over())
        self.deadline = time.monotonic() + CELL_LIMIT
        try:
            self._open()
        except Gone:
            # Once more in a fresh child. That one says hello: if it fails again, the cells did it.
            self._restart()
            self._open()

    def _open(self) -> None:
        self.line.allow()
        self.line.send({"do": "grade", "limit": CELL_LIMIT})
        if self.line.receive(GRACE).get("op") != "ready":
            raise Gone(MALFORMED)
        self.in_cell = True

    def next(self) -> dict[str, Any]:
        """Return the next message of the graded cell. Raises Gone, after which the cell is over."""
        try:
            message = self.line.receive(self.deadline + GRACE - time.monotonic())
        except Gone:
            self.in_cell = False
            self._restart()
            raise
        if message.get("op") == "left":
            self.in_cell = False
            late = time.monotonic() >= self.deadline
            raise Gone(f"no terminó en {CELL_LIMIT:.0f} s" if late else ENDED)
        return message

    def close_cell(self) -> None:
        """End the graded cell's fork, if it still stands."""
        if not self.in_cell:
            return
        self.in_cell = False
        end = time.monotonic() + GRACE
        try:
            self.line.send({"do": "leave"})
            while self.line.receive(end - time.monotonic()).get("op") != "left":
                if time.monotonic() > end:
                    raise Gone(MALFORMED)
        except Gone:
            self._restart()


def _over() -> str:
    return f"la entrega agotó sus {TOTAL_LIMIT:.0f} s"


def _not_loaded(reason: str) -> dict[str, str]:
    return {"type": "Gone", "text": f"la celda no se pudo cargar: {reason}"}
