"""A submission's child process: starting it, loading cells, one fork per graded cell, limits and ends."""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

START_LIMIT = 30.0  # seconds until "hello": a child that never says it is a fault of ours
LOAD_LIMIT = 3.0  # seconds a cell may take to load
CELL_LIMIT = 20.0  # seconds all runs of one graded cell may take
GRACE = 3.0  # seconds the child gets to notice its own limits
MAX_LINE = 4_000_000  # bytes of one message
MAX_MESSAGES = 200_000  # messages of one run
ENDED = "el proceso terminó antes de responder"


class JudgeFault(Exception):
    """Something of ours failed: the submission gets no mark, never a zero."""


class Gone(Exception):
    """The student's process ended, hung or broke the protocol; the text says which."""


@dataclass(frozen=True)
class Load:
    """A cell to load: `whole`, or only its definitions."""

    cell_id: str
    source: str
    whole: bool


def command() -> list[str]:
    """Return how a child is started on this machine."""
    return [sys.executable, "-m", "grader.classroom.child"]


def environment(home: str, beside: str = "") -> dict[str, str]:
    """Return all that a child sees of the environment; it may import what lies in the folder `beside`."""
    keep = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LANG", "LC_ALL") if name in os.environ}
    package = str(Path(__file__).resolve().parents[2])
    modules = os.pathsep.join(filter(None, (package, beside)))
    return keep | {"PYTHONPATH": modules, "PYTHONSAFEPATH": "1", "PYTHONHASHSEED": "0", "HOME": home}


class Session:
    """The line to one child. A context manager: on leaving, nothing of the child is left.

    start: how the child is started. beside: folder of the section; the child gets a copy of its modules.
    """

    def __init__(self, start: Sequence[str] | None = None, beside: Path | None = None) -> None:
        self._command = list(start or command())
        self._process: subprocess.Popen[bytes] | None = None
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._loaded: list[Load] = []
        self._poison: dict[str, Any] = {}
        self._home = tempfile.TemporaryDirectory(prefix="grader-")
        self._modules = Path(self._home.name) / "modules"
        self._modules.mkdir()
        for module in sorted(beside.glob("*.py")) if beside else ():
            shutil.copy(module, self._modules)
        self.in_cell, self.deadline = False, 0.0

    def __enter__(self) -> Session:
        self._start()
        return self

    def __exit__(self, *error: object) -> None:
        self._kill()
        self._home.cleanup()

    def _start(self) -> None:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            self._command,
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            cwd=self._home.name,
            env=environment(self._home.name, str(self._modules)),
            start_new_session=os.name == "posix",
        )
        self._lines = queue.SimpleQueue()
        assert self._process.stdout is not None
        threading.Thread(target=_pump, args=(self._process.stdout, self._lines), daemon=True).start()
        try:
            hello = self.receive(START_LIMIT)
        except Gone as reason:
            raise JudgeFault(f"el proceso de corrección no arranca: {self._complaint() or reason}") from None
        if hello.get("op") != "hello":
            raise JudgeFault("el proceso de corrección no saluda")

    def _complaint(self) -> str:
        self._kill()
        assert self._process is not None
        assert self._process.stderr is not None
        return self._process.stderr.read(2000).decode(errors="replace").strip().rpartition("\n")[2]

    def _kill(self) -> None:
        process = self._process
        if process is None:
            return
        try:
            if os.name == "posix":
                os.killpg(process.pid, 9)
            else:
                process.kill()
        except ProcessLookupError:
            pass
        process.wait()

    def send(self, message: dict[str, Any]) -> None:
        """Send one message. Raises Gone."""
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            raise Gone(ENDED) from None

    def receive(self, limit: float) -> dict[str, Any]:
        """Return the next message, within `limit` seconds. Raises Gone."""
        try:
            line = self._lines.get(timeout=max(limit, 0.01))
        except queue.Empty:
            raise Gone(f"no respondió en {limit:.0f} s") from None
        if not line.endswith(b"\n"):
            raise Gone(
                "el proceso terminó antes de responder" if len(line) < MAX_LINE else "respuesta sin fin"
            )
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            raise Gone("respuesta mal formada") from None
        if not isinstance(message, dict):
            raise Gone("respuesta mal formada")
        return message

    def load(self, cell: Load) -> Any:
        """Load a cell into the child; return its error as plain data, or None."""
        self._loaded.append(cell)
        return self._load(cell)

    def _load(self, cell: Load) -> Any:
        if cell.cell_id in self._poison:
            return self._poison[cell.cell_id]
        text = {
            "do": "load",
            "id": cell.cell_id,
            "source": cell.source,
            "whole": cell.whole,
            "limit": LOAD_LIMIT,
        }
        try:
            self.send(text)
            return self.receive(LOAD_LIMIT + GRACE).get("error")
        except Gone as reason:  # it took the child with it: go on without this cell
            self._poison[cell.cell_id] = {"type": "Gone", "text": f"la celda no se pudo cargar: {reason}"}
            self._restart()
            return self._poison[cell.cell_id]

    def _restart(self) -> None:
        self._kill()
        self._start()
        for cell in self._loaded:
            self._load(cell)

    def open_cell(self) -> None:
        """Fork for a graded cell, which has CELL_LIMIT seconds for all its runs. Raises Gone."""
        self.deadline = time.monotonic() + CELL_LIMIT
        try:
            self._open()
        except Gone:
            # Once more in a fresh child. That one says hello: if it fails again, the cells did it.
            self._restart()
            self._open()

    def _open(self) -> None:
        self.send({"do": "grade", "limit": CELL_LIMIT})
        if self.receive(GRACE).get("op") != "ready":
            raise Gone("respuesta mal formada")
        self.in_cell = True

    def next(self) -> dict[str, Any]:
        """Return the next message of the graded cell. Raises Gone, after which the cell is over."""
        try:
            message = self.receive(self.deadline + GRACE - time.monotonic())
        except Gone:
            self.in_cell = False
            self._restart()
            raise
        if message.get("op") == "left":
            self.in_cell = False
            late = time.monotonic() >= self.deadline
            raise Gone(
                f"no terminó en {CELL_LIMIT:.0f} s" if late else "el proceso terminó antes de responder"
            )
        return message

    def close_cell(self) -> None:
        """End the graded cell's fork, if it still stands."""
        if not self.in_cell:
            return
        self.in_cell = False
        try:
            self.send({"do": "leave"})
            while self.receive(GRACE).get("op") != "left":
                pass
        except Gone:
            self._restart()


def _pump(stream: IO[bytes], lines: queue.SimpleQueue[bytes]) -> None:
    """Hand lines over; an end or a line without end comes as a line without newline."""
    while True:
        line = stream.readline(MAX_LINE)
        lines.put(line)
        if not line.endswith(b"\n"):
            return
