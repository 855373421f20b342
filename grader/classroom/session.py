"""The judge's conversation with one submission's child: loads cells, opens graded cells, keeps deadlines."""

from __future__ import annotations

import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from grader.classroom import protocol
from grader.classroom.line import ENDED, MALFORMED, Gone, Line
from grader.classroom.sandbox import Launch

START_LIMIT = 60.0  # seconds until Hello: a child that never says it is a fault of ours
LOAD_LIMIT = 3.0  # seconds a cell may take to load
CELL_LIMIT = 20.0  # seconds all runs of one graded cell may take
TOTAL_LIMIT = 240.0  # seconds a submission may take, however many cells it has
GRACE = 3.0  # seconds the child gets to notice its own limits
MAX_MESSAGES = 200_000  # messages of one run

_M = TypeVar("_M", bound=protocol.FromChild)


class JudgeFault(Exception):
    """Something of ours failed: the submission gets no mark, never a zero."""


@dataclass(frozen=True)
class Cell:
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
        self._loaded: list[Cell] = []
        self._refused: dict[str, str] = {}  # cell id -> why the submission is graded without it
        self._home = tempfile.TemporaryDirectory(prefix="grader-")
        self._end = time.monotonic() + TOTAL_LIMIT * times
        modules = Path(self._home.name) / "modules"
        modules.mkdir()
        for module in sorted(beside.glob("*.py")) if beside else ():
            shutil.copyfile(module, modules / module.name)
        for path in (modules, *modules.iterdir()):
            path.chmod(0o755)  # whatever the umask: a sandbox reads them as somebody else
        self.forks = False  # whether the child can put a graded cell's fork aside
        self._in_cell, self._deadline = False, 0.0
        self._number = 0  # of the graded cell that was opened last
        self._parked: set[int] = set()

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
            self.forks = self._hear(protocol.Hello, START_LIMIT).forks
        except Gone as reason:
            why = self.line.complaint() or reason
            raise JudgeFault(f"el proceso de corrección no arranca: {why}") from None

    def _hear(self, kind: type[_M], limit: float) -> _M:
        """Return the next message, which must be of this kind. Raises Gone."""
        message = self.line.receive(limit)
        if not isinstance(message, kind):
            raise Gone(MALFORMED)
        return message

    def load(self, cell: Cell) -> None:
        """Load a cell into the child.

        One that takes the child with it, or leaves too much behind, is tried again in a fresh child, which an
        earlier cell cannot have weakened; then the submission is graded without it.
        """
        self._loaded.append(cell)
        self._load(cell)

    def _load(self, cell: Cell) -> None:
        for fresh in (False, True):
            if cell.cell_id in self._refused:
                break
            if self._spent:
                self._refused[cell.cell_id] = _over()
                break
            try:
                left = self._ask_to_load(cell)
            except Gone as reason:
                left = f"no se puede cargar: {reason}"
            if not left:
                return
            if fresh:
                self._refused[cell.cell_id] = left
            self._restart(before=cell)
        self.line.send(protocol.Skip(cell.source, self._refused[cell.cell_id]))

    def _ask_to_load(self, cell: Cell) -> str:
        """Return what the cell leaves behind that is too much, else "". Raises Gone."""
        self.line.allow()
        self.line.send(protocol.Load(cell.cell_id, cell.source, cell.whole, LOAD_LIMIT))
        return self._hear(protocol.Loaded, LOAD_LIMIT + GRACE).left

    @property
    def _spent(self) -> bool:
        return time.monotonic() > self._end

    def _restart(self, before: Cell | None = None) -> None:
        """Start a fresh child and load what was loaded, up to the cell `before`. Parked forks are lost."""
        self.line.close()
        self._parked.clear()
        self._start()
        for cell in self._loaded:
            if cell is before:
                return
            self._load(cell)

    def open_cell(self) -> int:
        """Fork for a graded cell, which has CELL_LIMIT seconds; return its number. Raises Gone."""
        if self._spent:
            raise Gone(_over())
        self._deadline = time.monotonic() + CELL_LIMIT + GRACE
        self._number += 1
        try:
            self._open()
        except Gone:
            # Once more in a fresh child. That one says hello: if it fails again, the cells did it.
            self._restart()
            self._open()
        return self._number

    def _open(self) -> None:
        self.line.allow()
        self.line.send(protocol.Grade(self._number, CELL_LIMIT))
        self._hear(protocol.Ready, GRACE)
        self._in_cell = True

    def next(self) -> protocol.FromChild:
        """Return the next message of the graded cell. Raises Gone, after which the cell is over.

        The deadline is looked at before every message: one that was sent in time and waits in a queue comes
        too late all the same.
        """
        try:
            left = self._deadline - time.monotonic()
            if left <= 0:
                raise Gone(_late())
            message = self.line.receive(left)
        except Gone as reason:
            self._in_cell = False
            late = time.monotonic() >= self._deadline
            self._restart()
            raise Gone(_late()) if late else reason from None
        if isinstance(message, protocol.Left):
            self._in_cell = False
            raise Gone(_late() if time.monotonic() >= self._deadline - GRACE else ENDED)
        return message

    def park_cell(self) -> None:
        """Put the open graded cell's fork aside, for `resume_cell`. If it does not obey it is lost."""
        try:
            self.line.send(protocol.Park())
            self._hear(protocol.Parked, GRACE)
            self._parked.add(self._number)
        except Gone:
            self._restart()
        self._in_cell = False

    def resume_cell(self, number: int) -> bool:
        """Go on with a fork that was put aside; False if it is lost."""
        if number not in self._parked or self._spent:
            return False
        self._parked.discard(number)
        self._deadline = time.monotonic() + CELL_LIMIT + GRACE
        try:
            self.line.allow()
            self.line.send(protocol.Resume(number, CELL_LIMIT))
            self._hear(protocol.Ready, GRACE)
        except Gone:
            self._restart()
            return False
        self._in_cell = True
        return True

    def close_cell(self) -> None:
        """End the graded cell's fork, if it still stands."""
        if not self._in_cell:
            return
        self._in_cell = False
        end = time.monotonic() + GRACE
        try:
            self.line.send(protocol.Leave())
            while not isinstance(self.line.receive(end - time.monotonic()), protocol.Left):
                if time.monotonic() > end:
                    raise Gone(MALFORMED)
        except Gone:
            self._restart()


def _late() -> str:
    return f"no terminó en {CELL_LIMIT:.0f} s"


def _over() -> str:
    return f"la entrega agotó sus {TOTAL_LIMIT:.0f} s"
