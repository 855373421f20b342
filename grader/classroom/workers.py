"""Where submissions are graded: worker processes of this machine, or a Dask cluster.

A worker is the judge, and never runs a submission; but what it decodes, compares and draws comes from one.
So each has a limit on its memory, and on its CPU time and wall time for one graded cell. A submission that
brings its worker to one of them loses that cell, with a reason, and is graded on by a fresh worker.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from grader.classroom.autograde import ALL, Job, grade_one, refused
from grader.classroom.result import FAULT, Result
from grader.cli.trouble import Unable
from grader.judge.session import TOO_BUSY
from grader.loop.stopwatch import LOOK, Stopwatch

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from types import TracebackType

Answer = tuple[Result, str]  # of grade_one
MEMORY = 2 << 30  # bytes of address space of a worker: it needs about a tenth
CPU_LIMIT = 20  # seconds of CPU time for one graded cell: the judge's own part of it takes milliseconds
WALL_LIMIT = 600.0  # seconds without a word of a worker
_OVER_CPU = f"señal {int(getattr(signal, 'SIGXCPU', 0))}"
MOST_GIVEN_UP = 3  # cells; then the rest of the submission goes with them


class Engine(Protocol):
    """Grades submissions; an async context manager. width: how many at once keep it busy."""

    width: int

    async def grade(self, job: Job) -> Answer: ...

    async def __aenter__(self) -> Engine: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Workers:
    """`count` processes of this machine. When one dies, its submission is tried once more, alone.

    So is one for which the machine was too busy. cpu_limit: seconds of a processor that a worker may take for
    one graded cell. wall_limit: seconds of its and its sandbox's own in which it must be heard of.
    """

    def __init__(self, count: int, cpu_limit: int = CPU_LIMIT, wall_limit: float = WALL_LIMIT) -> None:
        self.width = count
        self._cpu_limit, self._wall_limit = cpu_limit, wall_limit
        self._threads = ThreadPoolExecutor(count, "grader-worker")  # each waits for one worker
        self._alone = asyncio.Lock()

    async def __aenter__(self) -> Workers:
        self._workers = [_Worker(self._cpu_limit, self._wall_limit) for _ in range(self.width)]
        loop = asyncio.get_running_loop()
        self._starts = [loop.run_in_executor(self._threads, worker.start) for worker in self._workers]
        self._idle: asyncio.Queue[_Worker] = asyncio.Queue()
        for worker in self._workers:
            self._idle.put_nowait(worker)
        return self

    async def __aexit__(self, *error: object) -> None:
        for worker in self._workers:
            worker.kill()
        self._threads.shutdown()
        for worker in self._workers:
            worker.end()

    async def grade(self, job: Job) -> Answer:
        """Return what `job` gets; FAULT if it kills its worker twice, and not by its limits."""
        await asyncio.gather(*self._starts)
        worker = await self._idle.get()
        try:
            answer = await self._ask(worker, job)
            if TOO_BUSY not in answer[0].reason:
                return answer
        except _Died:
            pass
        finally:
            self._idle.put_nowait(worker)
        return await self._grade_alone(job)

    async def _grade_alone(self, job: Job) -> Answer:
        """Try again with the machine to itself: perhaps a neighbour took the memory, or the time."""
        async with self._alone:
            taken = [await self._idle.get() for _ in self._workers]
            try:
                while True:
                    try:
                        return await self._ask(taken[0], job)
                    except _Died as death:
                        if not death.cell:
                            reason = f"el proceso de corrección murió dos veces ({death})"
                            return refused(job, FAULT, reason), ""
                        cells = (*job.given_up, death.cell)
                        job = replace(job, given_up=cells if len(cells) < MOST_GIVEN_UP else (ALL,))
            finally:
                for worker in taken:
                    self._idle.put_nowait(worker)

    async def _ask(self, worker: _Worker, job: Job) -> Answer:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, worker.ask, job)


class _Died(Exception):
    """A worker ended before it answered; the text says how. cell: which brought it to its limits, or ""."""

    def __init__(self, how: str, cell: str = "") -> None:
        super().__init__(how)
        self.cell = cell


class _Worker:
    """A process that grades one submission at a time."""

    def __init__(self, cpu_limit: int, wall_limit: float) -> None:
        self._cpu_limit, self._wall_limit = cpu_limit, wall_limit
        self._process: BaseProcess | None = None

    def start(self) -> None:
        """Start the process, unless it runs."""
        if self._process is None:
            self._scratch = tempfile.mkdtemp(prefix="grader-")
            try:
                self._line, self._process = _start(self._cpu_limit, self._scratch)
            except BaseException:
                os.rmdir(self._scratch)
                raise

    def ask(self, job: Job) -> Answer:
        """Grade a submission there. Raises _Died; asked again, it starts anew."""
        self.start()
        cell = ""
        try:
            self._line.send(job)
            watch = self._watch()
            while watch.own < self._wall_limit:
                if not self._line.poll(LOOK):
                    watch.look()
                    continue
                said: str | Answer = self._line.recv()
                if not isinstance(said, str):
                    return said
                cell, watch = said, self._watch()
        except (EOFError, OSError):
            how = self.end()
            raise _Died(how, cell if how == _OVER_CPU else "") from None
        self.end()
        raise _Died(f"sin noticias en {self._wall_limit:g} s", cell)

    def _watch(self) -> Stopwatch:
        assert self._process is not None
        return Stopwatch(self._process.pid)

    def kill(self) -> None:
        """End the process at once, with all that it has in hand."""
        if (process := self._process) is not None:
            process.kill()

    def end(self) -> str:
        """Kill the process, wait until it has gone, and say how it ended."""
        self.kill()
        if self._process is None:
            return ""
        self._process.join()
        self._line.close()
        code, self._process = self._process.exitcode or 0, None
        shutil.rmtree(self._scratch, ignore_errors=True)  # of one that was killed nobody else tidies up
        return f"señal {-code}" if code < 0 else f"código {code}"


def _start(cpu_limit: int, scratch: str) -> tuple[Connection, BaseProcess]:
    """Start a worker that has its temporary folders in `scratch`."""
    if sys.platform == "win32":
        context = multiprocessing.get_context("spawn")
    else:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["grader.classroom.preload"])
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, cpu_limit, scratch), daemon=True)
    process.start()
    theirs.close()  # so that the end of the process is the end of the line
    return ours, process


def _serve(line: Connection, cpu_limit: int, scratch: str) -> None:
    """Grade what comes, until the line ends; name each graded cell before it begins."""
    tempfile.tempdir = scratch
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the main process, which ends this one

    def began(cell: str) -> None:
        line.send(cell)
        _limit_cpu(cpu_limit)

    _limit_memory()
    with contextlib.suppress(EOFError, OSError):
        while True:
            line.send(grade_one(line.recv(), began))


def _limit_memory() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _limit_cpu(seconds: int) -> None:
    """Give this process so many more seconds of CPU time; when they are used up, SIGXCPU ends it."""
    if sys.platform != "win32":
        import resource

        usage = resource.getrusage(resource.RUSAGE_SELF)
        until = math.ceil(usage.ru_utime + usage.ru_stime) + seconds
        resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))


class Cluster:
    """A Dask cluster, whose workers have the course installed, the same version of it."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.width = 1

    async def __aenter__(self) -> Cluster:
        try:
            from distributed import Client
        except ImportError:
            raise Unable("Falta Dask: instálalo con python3 -m pip install -e '.[cluster]'.") from None
        try:
            self._client: Any = await Client(self._address, asynchronous=True, timeout=5)
        except (OSError, ValueError, TimeoutError):
            raise Unable(
                f"Ningún planificador de Dask responde en {self._address}: arráncalo con dask scheduler."
            ) from None
        threads = await self._client.nthreads()
        if not threads:
            await self._client.close()
            raise Unable(
                f"El planificador {self._address} no tiene trabajadores: arráncalos con dask worker."
            )
        self.width = 2 * sum(threads.values())  # one in hand and one on its way
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._client.close()

    async def grade(self, job: Job) -> Answer:
        """Return what `job` gets; FAULT if it kills its workers, or if there is no cluster any more."""
        from distributed import CancelledError, KilledWorker

        key = f"grade-{job.section}-{job.student}-{job.key}"
        future = self._client.submit(grade_one, job, key=key, retries=2, pure=False)
        try:
            answer: Answer = await future
        except KilledWorker:
            return refused(job, FAULT, "mató varias veces al trabajador de Dask"), ""
        except CancelledError:
            return refused(job, FAULT, "se perdió el planificador de Dask"), ""
        except Exception as error:
            return refused(job, FAULT, f"fallo de Dask ({type(error).__name__}: {error})"), ""
        finally:
            future.release()
        return answer


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
