"""The judge's conversation with one submission's child: loads cells, opens graded cells, keeps deadlines.

All limits but GUARD are in seconds of the submission's own (grader.judge.cpu_time), so that neighbours
and other programs cost it nothing.
"""

from __future__ import annotations

import contextlib
import os
import queue
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeVar

from msgspec import Struct

from grader.judge import protocol
from grader.judge.cpu_time import Budget, freeze, leave_only, thaw
from grader.judge.sandbox import GIB, Launch, files_of, memory_of, sockets_of
from grader.loop.stopwatch import Disk, family

LOOK = 0.1  # seconds between two looks at the memory of the submission's processes
MAX_BYTES = 16_000_000  # bytes of all messages of a graded cell; decoded they may be 50 times as many
ENDED = "se cerró antes de responder"
MALFORMED = "interfirió con la corrección"
TOO_LONG = "envió una respuesta demasiado larga"


class Gone(Exception):
    """The student's process ended, hung or broke the protocol; the text says which: what it did."""


class Spent(Gone):
    """The child has used up its budget. what: as Budget.spent says it."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class Line:
    """A child started in the folder `home`, and what is said to it. After `close` nothing of it is left."""

    def __init__(self, launch: Launch, home: Path) -> None:
        self._limits = launch.limits
        self._process = launch.start(home)
        self._received = 0  # bytes, since `allow`
        self._looked = 0.0  # when the memory was looked at
        self._said: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._heard: queue.Queue[bytes] = queue.Queue(maxsize=8)  # the reader never runs far ahead
        self._closed = threading.Event()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        for target, stream in ((self._write, self._process.stdin), (self._read, self._process.stdout)):
            threading.Thread(target=target, args=(stream,), daemon=True).start()

    @property
    def pid(self) -> int:
        """The process that was started; the child is below it."""
        return self._process.pid

    def close(self) -> None:
        """End the child and all that it started."""
        self._stop()
        self._closed.set()
        self._said.put(b"")
        assert self._process.stderr is not None
        self._process.stderr.close()

    def complaint(self) -> str:
        """End the child; return the last line that it, or what starts it, wrote on stderr."""
        assert self._process.stderr is not None
        self._stop()
        said = self._process.stderr.read(2000).decode(errors="replace")
        return said.strip().rpartition("\n")[2]

    def allow(self) -> None:
        """Count the bytes anew."""
        self._received = 0

    def send(self, message: Struct) -> None:
        """Send one message. Never waits: a child that does not read is found out when it does not answer."""
        self._said.put(protocol.line(message))

    def receive(self, budget: Budget) -> protocol.FromChild:
        """Return the next message, within a budget that is looked at before each. Raises Gone."""
        line = self._next_line(budget)
        self._received += len(line)
        if self._received > MAX_BYTES:
            raise Gone("envió demasiados datos")
        if not line.endswith(b"\n"):
            raise Gone(ENDED if len(line) < protocol.MAX_LINE else TOO_LONG)
        try:
            return protocol.heard(line)
        except protocol.Malformed:
            raise Gone(MALFORMED) from None
        except MemoryError:
            raise Gone("envió más datos de los que caben en memoria") from None

    def _next_line(self, budget: Budget) -> bytes:
        while True:
            self._watch()
            if what := budget.spent():
                raise Spent(what)
            with contextlib.suppress(queue.Empty):
                return self._heard.get(timeout=LOOK / 10)

    def _watch(self) -> None:
        """Look at the memory and the files of a sandbox from time to time. Raises Gone."""
        now = time.monotonic()
        if self._limits is None or now < self._looked + LOOK:
            return
        self._looked = now
        pids = family(self._process.pid)
        if sum(map(memory_of, pids)) > self._limits.memory:
            self._stop()
            raise Gone(f"pasó el límite de memoria ({self._limits.memory / GIB:g} GB)")
        if files_of(pids) > self._limits.files:
            self._stop()
            raise Gone(f"creó más de {self._limits.files} archivos")
        if sum(map(sockets_of, pids)) > self._limits.sockets:
            self._stop()
            raise Gone(f"abrió más de {self._limits.sockets} conexiones a la vez")

    def _stop(self) -> None:
        if self._process.returncode is not None:
            return  # it was waited for: its number may be another's by now
        with contextlib.suppress(ProcessLookupError):
            if os.name == "posix":
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
        self._process.wait()

    def _write(self, stream: IO[bytes]) -> None:
        with contextlib.suppress(OSError), stream:  # a child that has ended reads nothing
            while data := self._said.get():
                stream.write(data)
                stream.flush()

    def _read(self, stream: IO[bytes]) -> None:
        """Hand lines over; an end, or a line without end, comes as a line without newline."""
        with stream:
            whole = True
            while whole and not self._closed.is_set():
                line = stream.readline(protocol.MAX_LINE)
                whole = line.endswith(b"\n")
                while not self._closed.is_set():
                    with contextlib.suppress(queue.Full):
                        self._heard.put(line, timeout=LOOK)
                        break


START_LIMIT = 60.0  # seconds until Hello: a child that never says it is a fault of ours
LOAD_LIMIT = 3.0  # seconds a cell may take to load
CELL_LIMIT = 20.0  # seconds all runs of one graded cell may take
TOTAL_LIMIT = 240.0  # seconds a submission may take, however many cells it has
CPU_LIMIT = 15.0  # seconds of a processor that all its processes may use to load a cell, or in a graded one
TOTAL_CPU = 120.0  # and altogether
GRACE = 3.0  # seconds the child gets for an order, or to notice its own limit
GUARD = 180.0  # real seconds after which the machine is too busy for any of these
TOO_BUSY = "la máquina está demasiado ocupada"
MAX_MESSAGES = 200_000  # messages of one run

_M = TypeVar("_M", bound=protocol.FromChild)


class Busy(Gone):
    """The machine was too busy: nothing is known of the submission."""

    def __init__(self) -> None:
        super().__init__(TOO_BUSY)


class JudgeFault(Exception):
    """Something of ours failed: the submission gets no mark, never a zero."""


@dataclass(frozen=True)
class Cell:
    """A cell to load: `whole`, or only its definitions; `given`: by the course, not written by a student."""

    cell_id: str
    source: str
    whole: bool
    given: bool = False


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
        self._home = tempfile.TemporaryDirectory(prefix="grader-", ignore_cleanup_errors=True)
        self._left, self._cpu_left, self._disk = TOTAL_LIMIT * times, TOTAL_CPU * times, Disk()
        modules = Path(self._home.name) / "modules"
        modules.mkdir()
        for module in sorted(beside.glob("*.py")) if beside else ():
            shutil.copyfile(module, modules / module.name)
        for path in (modules, *modules.iterdir()):
            path.chmod(0o755)  # whatever the umask: a sandbox reads them as somebody else
        self.forks = False  # whether the child can put a graded cell's fork aside
        self._in_cell = False
        self._budget: Budget | None = None  # of the graded cell
        self._others: list[int] = []  # the child's processes before its fork
        self._number = 0  # of the graded cell that was opened last
        self._parked: dict[int, set[int]] = {}  # cell -> processes of its fork

    def __enter__(self) -> Session:
        self._start()
        return self

    def __exit__(self, *error: object) -> None:
        if self._line is not None:
            self._line.close()
        self._home.cleanup()

    def go_on_from(self, before: Session) -> None:
        """Have what another session of the same submission has left of its time."""
        self._left, self._cpu_left, self._disk = before._left, before._cpu_left, before._disk

    @property
    def line(self) -> Line:
        """The line to the child of now."""
        assert self._line is not None
        return self._line

    def _start(self) -> None:
        self._line = Line(self._launch, Path(self._home.name))
        try:
            self.forks = self._hear(protocol.Hello, START_LIMIT).forks
        except Busy:
            raise JudgeFault(TOO_BUSY) from None
        except Gone as reason:
            why = self.line.complaint() or reason
            raise JudgeFault(f"el proceso de corrección no arranca: {why}") from None

    def _hear(self, kind: type[_M], limit: float) -> _M:
        """Return the next message, which must be of this kind. Raises Gone."""
        with self._charged(limit) as budget:
            try:
                message = self.line.receive(budget)
            except Spent as spent:
                raise _gone(spent.what, f"no respondió en {limit:.0f} s") from None
        if not isinstance(message, kind):
            raise Gone(MALFORMED)
        return message

    @contextlib.contextmanager
    def _charged(self, limit: float) -> Iterator[Budget]:
        """Give a budget, and charge the submission for what is used of it in the block."""
        budget = self._new_budget(limit)
        try:
            yield budget
        finally:
            self._charge(budget)

    def _new_budget(self, limit: float) -> Budget:
        return Budget(self.line.pid, own=limit, cpu=CPU_LIMIT, guard=GUARD, disk=self._disk)

    def _charge(self, budget: Budget) -> None:
        self._left -= budget.own
        self._cpu_left -= budget.cpu

    def load(self, cell: Cell) -> None:
        """Load a cell into the child.

        One that takes the child with it, or leaves too much behind, is tried again in a fresh child, which an
        earlier cell cannot have weakened; then the submission is graded without it. Raises JudgeFault.
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
            except Busy:
                if fresh:
                    raise JudgeFault(TOO_BUSY) from None
                self._restart(before=cell)
                continue
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
        self.line.send(protocol.Load(cell.cell_id, cell.source, cell.whole, LOAD_LIMIT, cell.given))
        return self._hear(protocol.Loaded, LOAD_LIMIT + GRACE).left

    @property
    def _spent(self) -> bool:
        return min(self._left, self._cpu_left) <= 0

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
        self._number += 1
        try:
            self._open(protocol.Grade(self._number))
        except Gone:
            # Once more in a fresh child. That one says hello: if it fails again, the cells did it.
            self._restart()
            self._open(protocol.Grade(self._number))
        return self._number

    def _open(self, order: protocol.Grade | protocol.Resume, own: Collection[int] = ()) -> None:
        self._others = [pid for pid in family(self.line.pid) if pid not in own]
        self.line.allow()
        self.line.send(order)
        self._hear(protocol.Ready, GRACE)
        self._in_cell, self._budget = True, self._new_budget(CELL_LIMIT)

    @property
    def budget(self) -> Budget:
        """What the open graded cell may use, and has used."""
        assert self._budget is not None
        return self._budget

    def next(self) -> protocol.FromChild:
        """Return the next message of the graded cell. Raises Gone, after which the cell is over.

        The budget is looked at before every message: one that was sent in time and waits in a queue comes
        too late all the same.
        """
        try:
            message = self.line.receive(self.budget)
        except Spent as spent:
            self._end_fork()
            raise _gone(spent.what, f"no terminó en {CELL_LIMIT:.0f} s") from None
        except Gone:
            self._close_budget()
            self._restart()
            raise
        if isinstance(message, protocol.Left):
            self._close_budget()
            if not leave_only(self.line.pid, self._others):  # it may have said so and live on
                self._restart()
            raise Gone(ENDED)
        return message

    def _close_budget(self) -> None:
        self._in_cell = False
        self._charge(self.budget)

    def _end_fork(self) -> None:
        """Kill what the graded cell has started; start a fresh child where that does not work."""
        self._close_budget()
        if not (self.forks and leave_only(self.line.pid, self._others) and self._left_soon()):
            self._restart()

    def _left_soon(self) -> bool:
        """Pass over what a graded cell has said until it has left; False if it does not leave."""
        with self._charged(GRACE) as budget, contextlib.suppress(Gone):
            while not isinstance(self.line.receive(budget), protocol.Left):
                pass
            return True
        return False

    def park_cell(self) -> None:
        """Put the open graded cell's fork aside, for `resume_cell`. If it does not obey it is lost."""
        try:
            self.line.send(protocol.Park())
            self._hear(protocol.Parked, GRACE)
            # What its runs have started would take the time of the cells below.
            self._parked[self._number] = freeze(self.line.pid, self._others)
        except Gone:
            self._restart()
        self._close_budget()

    def resume_cell(self, number: int) -> bool:
        """Go on with a fork that was put aside; False if it is lost."""
        if number not in self._parked or self._spent:
            return False
        own = self._parked.pop(number)
        thaw(own)
        try:
            self._open(protocol.Resume(number), own)
        except Gone:
            self._restart()
            return False
        return True

    def close_cell(self) -> None:
        """End the graded cell's fork, if it still stands."""
        if not self._in_cell:
            return
        self._close_budget()
        self.line.send(protocol.Leave())
        if not (self._left_soon() and leave_only(self.line.pid, self._others)):
            self._restart()


def _gone(what: str, late: str) -> Gone:
    """Return the error of a budget that is used up; late: what is said of one that took too long."""
    if what == "guard":
        return Busy()
    return Gone(f"gastó {CPU_LIMIT:.0f} s de procesador" if what == "cpu" else late)


def _over() -> str:
    return f"la entrega agotó sus {TOTAL_LIMIT:.0f} s"
