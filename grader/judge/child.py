"""The child of the judge: loads the student's cells, forks at each graded cell, runs scenarios.

It is told what to do on standard input and answers on standard output (grader.judge.protocol).
Nothing that decides a mark is here: no expectation, no expected value, no point.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import mmap
import os
import pickle
import re
import select
import shutil
import signal
import sys
import threading
import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from msgspec import Struct

from grader.checks import values
from grader.checks.causes import worded
from grader.checks.message import place_line, syntax_error
from grader.checks.mistakes import GIVEN, closest, mistakes, owner
from grader.checks.outcome import answer_report
from grader.checks.runner import UNDEFINED, Report, Run, error_info, plain_error
from grader.checks.service import Answer, Service, Ticket
from grader.judge import protocol
from grader.judge.cells import compile_cell, file_name
from grader.judge.cpu_time import Alarm
from grader.judge.sandbox import MIB, Limits, memory_of
from grader.loop.stopwatch import family
from grader.loop.virtual_loop import VirtualLoop


class Port:
    """The line to the judge. Only one question is open at a time."""

    def __init__(self, reader: int, writer: int) -> None:
        self._reader, self._writer = reader, writer
        self._rest = b""
        self._lock = threading.Lock()

    def send(self, message: Struct | dict[str, Any]) -> None:
        data = protocol.line(message)
        while data:
            data = data[os.write(self._writer, data) :]

    def receive(self) -> protocol.FromJudge:
        """Return the next message that was meant for this process."""
        while True:
            while b"\n" not in self._rest:
                data = os.read(self._reader, 1 << 16)
                if not data:
                    os._exit(0)  # the judge is gone
                self._rest += data
            line, _, self._rest = self._rest.partition(b"\n")
            if (message := protocol.told(line)) is not None:
                return message

    def ask(self, message: Struct) -> protocol.Reply:
        with self._lock:
            self.send(message)
            reply = self.receive()
        assert isinstance(reply, protocol.Reply)
        return reply


class RemoteBook:
    """The services of a run, kept by the judge: it decides how long a call takes and what it answers."""

    def __init__(self, port: Port) -> None:
        self._port = port
        self._answers: dict[int, Answer] = {}
        self._closed = False

    def begin(self, service: Service, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Ticket:
        if self._closed:
            return Ticket(-1, 0, Answer(None))
        plain = [_plain(arg) for arg in args]
        named = {name: _plain(arg) for name, arg in kwargs.items()}
        said = self._port.ask(protocol.Begin(service.number, plain, named))
        self._take(said)
        return Ticket(said.ticket, said.delay, None)

    def cancel(self, ticket: Ticket) -> None:
        if not self._closed:
            self._port.ask(protocol.Cancel(ticket.number))

    def finish(self, ticket: Ticket) -> Answer:
        if ticket.answer is not None or self._closed:
            return ticket.answer or Answer(None)
        if ticket.number not in self._answers:
            self._take(self._port.ask(protocol.Finish(ticket.number)))
        return self._answers.pop(ticket.number)

    def close(self) -> None:
        self._closed = True
        self._port.ask(protocol.End())

    def advance(self, deadline: float | None) -> float | None:
        """Ask the judge for time: it gives at most `deadline`, and the answers that are due by then."""
        if self._closed:
            return deadline
        said = self._port.ask(protocol.Advance(deadline))
        self._take(said)
        return said.now

    def _take(self, said: protocol.Reply) -> None:
        self._answers |= {number: pickle.loads(answer) for number, answer in said.answers.items()}


def _plain(arg: object) -> Any:
    try:
        return values.encode(arg)
    except values.NotPlain:
        return repr(arg)[:200]


_ROOM = 256 * MIB  # bytes that a graded cell must still find
_TURN = 0.02  # seconds between two looks at a fork, where nothing tells its end
_DEFINED = re.compile(r"^(?:async +)?(?:def|class) +(\w+)", re.MULTILINE)


class CellTimeout(BaseException):
    """A cell took longer than it may; not an Exception, so that `except Exception` does not keep it."""


class _Unpickler(pickle.Unpickler):
    """Reads a scenario: placeholders become the student's objects, services become stubs of the judge's."""

    def __init__(self, data: bytes, namespace: dict[str, Any]) -> None:
        super().__init__(io.BytesIO(data))
        self._namespace = namespace

    def persistent_load(self, pid: Any) -> Any:
        kind, key, *rest = pid
        if kind == "service":
            return Service.stub(rest[0], key)
        return self._namespace[key]


@dataclass(frozen=True)
class _Fork:
    """A graded cell's process.

    ended: readable when it has ended, -1 where the system has no such thing; parked: readable when it waits
    aside; resume: what it then waits for.
    """

    pid: int
    ended: int
    parked: int
    resume: int

    def close(self) -> None:
        for fd in (self.ended, self.parked, self.resume):
            if fd >= 0:
                os.close(fd)


class Child:
    """Holds the student's namespace and does what the judge says. limits: None where there are none."""

    def __init__(self, port: Port, limits: Limits | None = None) -> None:
        self._port, self._limits = port, limits
        module = types.ModuleType("__main__")
        sys.modules["__main__"] = module  # so that classes of the notebook can be pickled by name
        self._namespace = module.__dict__
        self._failed: dict[str, _Failed] = {}  # why the cell that should define a name did not
        self._own: set[str] = set()  # functions and classes that the student's cells define
        self._forks: dict[int, _Fork] = {}
        self._home = os.environ.get("HOME", "")

    def serve(self) -> None:
        """Obey until the judge closes the line; what was meant for a fork that has ended is passed over."""
        self._port.send(protocol.Hello(hasattr(os, "fork")))
        while True:
            match self._port.receive():
                case protocol.Load() as message:
                    self._load(message)
                    self._port.send(protocol.Loaded(self._left_behind()))
                case protocol.Skip(source=source, reason=reason):
                    self._failed |= dict.fromkeys(_DEFINED.findall(source), _Failed(f"su celda {reason}"))
                case protocol.Grade(cell=number):
                    self._grade(number)
                case protocol.Resume(cell=number):
                    os.write(self._forks[number].resume, b".")
                    self._attend(number)

    def _load(self, message: protocol.Load) -> None:
        if message.given:
            GIVEN.add(file_name(message.cell_id))
        else:
            self._own.update(_DEFINED.findall(message.source))
        try:
            with _alarm(message.limit):
                code = compile_cell(message.source, message.cell_id, whole=message.whole)
                _execute(code, self._namespace)
        except BaseException as error:  # a cell that fails costs what it does not define, nothing else
            self._failed |= dict.fromkeys(_DEFINED.findall(message.source), _failure(error, message.cell_id))

    def _left_behind(self) -> str:
        """Return what keeps graded cells from finding room to run, "" if nothing does."""
        limits = self._limits
        if limits is None:
            return ""
        mine = family(os.getpid())
        threads = sum(len(_listed(f"/proc/{pid}/task")) for pid in mine)
        files = sum(len(_listed(f"/proc/{pid}/fd")) for pid in mine)
        if threads > limits.kept_processes:
            return f"deja {threads - 1} hilos o procesos en marcha (caben {limits.kept_processes})"
        if files > limits.kept_files or not _can_open():
            return f"deja {files} ficheros abiertos (caben {limits.kept_files})"
        if sum(map(memory_of, mine)) > limits.held or not _can_allocate():
            return f"ocupa más de {limits.held // MIB} MB de memoria"
        return ""

    def _grade(self, number: int) -> None:
        if not hasattr(os, "fork"):
            self._serve_runs(None)
            os._exit(0)
        heard, parked = os.pipe()
        woken, resume = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.setpgid(0, 0)
            try:
                for each in self._forks.values():
                    each.close()  # or a fork that is parked would outlive the child
                os.close(heard)
                os.close(resume)
                if self._limits is not None:
                    self._settle_in(number)
                self._serve_runs((parked, woken))
            finally:
                os._exit(0)
        os.close(parked)
        os.close(woken)
        ended = os.pidfd_open(pid) if hasattr(os, "pidfd_open") else -1
        self._forks[number] = _Fork(pid, ended, heard, resume)
        self._attend(number)

    def _attend(self, number: int) -> None:
        """Wait until a fork ends, perhaps by the judge's hand, or is parked."""
        fork = self._forks[number]
        if _wait(fork):
            self._port.send(protocol.Parked())
            return
        del self._forks[number]
        _kill_group(fork.pid)  # it, and what its runs started and left behind
        with contextlib.suppress(ChildProcessError):
            os.waitpid(fork.pid, 0)
        fork.close()
        shutil.rmtree(self._scratch(number), ignore_errors=True)
        self._port.send(protocol.Left())

    def _scratch(self, number: int) -> str:
        return os.path.join(os.path.dirname(self._home), f"cell-{number}")

    def _settle_in(self, number: int) -> None:
        """Go to a folder of this graded cell's own, with a copy of the files that loaded cells wrote."""
        scratch = self._scratch(number)
        with contextlib.suppress(OSError, shutil.Error):
            shutil.copytree(self._home, scratch, symlinks=True)
            if os.getcwd() == self._home:
                os.chdir(scratch)
            os.environ["HOME"] = scratch

    def _serve_runs(self, aside: tuple[int, int] | None) -> None:
        """Play runs. aside: where the fork says that it is parked, and where it waits to be resumed."""
        self._port.send(protocol.Ready())
        while True:
            match self._port.receive():
                case protocol.Run() as message:
                    self._port.send(protocol.done(self._run(message)))
                case protocol.Park() if aside is not None:
                    os.write(aside[0], b".")
                    if not os.read(aside[1], 1):
                        return
                    self._port.send(protocol.Ready())
                case protocol.Leave():
                    return

    def _run(self, message: protocol.Run) -> Report:
        try:
            fn, args = _Unpickler(message.call, self._namespace).load()
        except KeyError as error:
            return self._undefined(str(error.args[0]))
        if message.kind == "answer":
            return answer_report(args[0])
        book = RemoteBook(self._port)
        return Run(
            message.kind, fn, args, message.limit, lambda clock: book, message.cell, book.advance
        ).execute()

    def _undefined(self, name: str) -> Report:
        """Return the report of a run that has nothing to call."""
        failed = self._failed.get(name)
        if failed is None and (other := closest(name, self._own & {*self._namespace})):
            failed = _Failed(f"tu celda define `{other}`")
        why, rest = (f": {failed.why}", failed.rest) if failed else ("", ())
        text = "\n".join([f"Obtuve:    tu notebook no define `{name}`{why}.", *rest])
        return answer_report(None) | {"error": plain_error(UNDEFINED, text)}


def _wait(fork: _Fork) -> bool:
    """Wait until a fork is parked (True) or has ended."""
    watched = [fd for fd in (fork.parked, fork.ended) if fd >= 0]
    while True:
        ready, _, _ = select.select(watched, [], [], None if fork.ended >= 0 else _TURN)
        if fork.parked in ready:
            return bool(os.read(fork.parked, 1))
        if fork.ended in ready or (fork.ended < 0 and os.waitpid(fork.pid, os.WNOHANG)[0]):
            return False


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _can_open() -> bool:
    try:
        os.close(os.open(os.devnull, os.O_RDONLY))
    except OSError:
        return False
    return True


def _can_allocate() -> bool:
    if not hasattr(mmap, "MAP_ANONYMOUS"):
        return True
    try:
        # Asked for and not touched: a bytearray would write every page, after every cell.
        mmap.mmap(-1, _ROOM, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).close()
    except OSError:
        return False
    return True


@dataclass(frozen=True)
class _Failed:
    """Why a cell did not define what it should: in a few words, and the lines of a message that follow."""

    why: str
    rest: tuple[str, ...] = ()


def _failure(error: BaseException, cell_id: str) -> _Failed:
    if isinstance(error, SyntaxError):
        line = error.lineno or 1
        return _Failed(f"su celda tiene un error de sintaxis en la línea {line}", syntax_error(error))
    is_own = owner("")
    info = error_info(error, is_own)
    rest = [worded(fact["what"]) for fact in mistakes(error, is_own) if fact["kind"] == "mistake"]
    if info["line"]:
        rest.append(place_line(info["line"], info["source"]))
    return _Failed(f"su celda falla con {info['text'][:200]}", tuple(rest))


def _execute(code: types.CodeType, namespace: dict[str, Any]) -> None:
    coroutine = eval(code, namespace)
    if coroutine is not None:  # the cell has an await at its top level
        loop = VirtualLoop()
        try:
            loop.run_until_complete(coroutine)
        finally:
            loop.close()


@contextlib.contextmanager
def _alarm(limit: float) -> Iterator[None]:
    """Raise CellTimeout in the block after `limit` seconds of this process's own."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def ring(number: int, frame: object) -> None:
        raise CellTimeout(f"la celda no terminó en {limit:g} s")

    signal.signal(signal.SIGALRM, ring)
    try:
        with Alarm(limit, lambda: signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGALRM)):
            yield
    finally:
        signal.signal(signal.SIGALRM, signal.SIG_IGN)


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def main() -> None:
    """Take the line to the judge from standard input and output; give the student's code silence instead.

    The first argument, if any, has the limits to set.
    """
    limits = Limits.from_text(sys.argv[1]) if len(sys.argv) > 1 else None
    if limits is not None:
        limits.apply()
    port = Port(os.dup(0), os.dup(1))
    silence = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(silence, fd)
    asyncio.set_event_loop(None)
    Child(port, limits).serve()


if __name__ == "__main__":
    main()
