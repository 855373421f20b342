"""The line to one child process: messages both ways, capped in length, bytes, time, memory and files."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import threading
import time
from pathlib import Path
from typing import IO

from msgspec import Struct

from grader.judge import protocol
from grader.judge.cpu_time import Budget
from grader.judge.limits import GIB, family, files_of, memory_of
from grader.judge.sandbox import Launch

LOOK = 0.1  # seconds between two looks at the memory of the submission's processes
MAX_BYTES = 64_000_000  # bytes of all messages of a graded cell
ENDED = "el proceso terminó antes de responder"
MALFORMED = "rompió el protocolo de la corrección"
TOO_LONG = "envió una respuesta demasiado larga"


class Gone(Exception):
    """The student's process ended, hung or broke the protocol; the text says which."""


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

    def _next_line(self, budget: Budget) -> bytes:
        while True:
            self._watch()
            if what := budget.spent():
                raise Spent(what)
            with contextlib.suppress(queue.Empty):
                return self._heard.get(timeout=LOOK)

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
        if files_of(pids[-1]) > self._limits.files:
            self._stop()
            raise Gone(f"creó más de {self._limits.files} archivos")

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
