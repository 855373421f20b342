"""A stopwatch that stands still while a process is ready to run and another program has the processor."""

from __future__ import annotations

import math
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.loop.patched_time import real_monotonic

LOOK = 0.1  # seconds between two looks
EXACT = sys.platform == "linux"  # elsewhere nobody tells which threads wait for a processor
_LATEST = 0.25  # seconds: who looks later than that was kept from looking, and so perhaps were the others
_DISK = 10.0  # seconds for which waiting for a disk is forgiven: a program may choose to look as if it did
_CORES = os.cpu_count() or 1
_TOGETHER = 2  # threads whose waits may count together
_PAUSE = 1.0  # seconds: a longer gap (a stopped process, a suspended machine) is no time at all
_TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True)
class Thread:
    """What the kernel tells of a thread. state: "R" running or ready, "S" asleep, "D" waiting for a disk, ...

    cpu: seconds it has run; delay: seconds it was ready and waited for a processor. age: seconds it has
    lived, as far as the system tells.
    """

    state: str
    cpu: float
    delay: float
    age: float = math.inf


Reader = Callable[[], Mapping[tuple[int, int], Thread]]


@dataclass
class Disk:
    """The seconds in which waiting for a disk is still forgiven: one for all that a submission does."""

    left: float = _DISK


class Stopwatch:
    """Measures a process and all below it, look by look.

    pid: the process; by default this one, less the thread that looks. own: seconds that passed while nothing
    of it was waiting for a processor or a disk; on a quiet machine that is all the time. It is never less
    than what its work would take on all cores, so that who waits for processes of its own wins nothing.
    wall: seconds that passed while somebody looked. disk: what is forgiven of waiting for one. Where the
    system does not tell (not EXACT) only late looks are left out.
    """

    def __init__(
        self,
        pid: int | None = None,
        *,
        clock: Callable[[], float] = real_monotonic,
        read: Reader | None = None,
        disk: Disk | None = None,
    ) -> None:
        self.own = self.wall = 0.0
        self._disk = disk or Disk()
        self._clock, self._last = clock, clock()
        self._read = read or (lambda: threads(family(pid or os.getpid())))
        self._seen: Mapping[tuple[int, int], Thread] = {}

    def look(self) -> None:
        """Count the time since the last look. Call it every LOOK seconds, or more often."""
        now = self._clock()
        passed, self._last = now - self._last, now
        self.wall += min(passed, _PAUSE)
        passed = min(passed, _LATEST)
        seen = dict(self._read())
        seen.pop((os.getpid(), threading.get_native_id()), None)
        waits = [_waited(self._seen.get(key), thread, passed) for key, thread in seen.items()]
        # Threads that wait one after the other (a process, then its child) count together; who lets many wake
        # up at once, so that they wait for one another, gains next to nothing.
        waited = min(sum(waits), _TOGETHER * max(waits, default=0.0))
        if waited < passed and any(thread.state == "D" for thread in seen.values()):
            forgiven = min(self._disk.left, passed - waited)
            self._disk.left -= forgiven
            waited += forgiven
        ran = sum(_ran(self._seen.get(key), thread, passed) for key, thread in seen.items())
        self.own += max(passed - waited, min(passed, ran / _CORES))
        self._seen = seen


def _waited(before: Thread | None, thread: Thread, passed: float) -> float:
    """Return how long a thread waited for a processor since the last look, or since it was born."""
    passed = min(passed, thread.age)
    ran = thread.cpu - before.cpu if before else 0.0
    delay = thread.delay - before.delay if before else 0.0
    if thread.state == "R" and ran + delay < passed / 4:
        return passed  # the kernel notes a delay only when it is over
    return delay


def _ran(before: Thread | None, thread: Thread, passed: float) -> float:
    """Return how long a thread ran since the last look.

    One that is new, and runs now, stands for all of its kind that came and went, as in a sample.
    """
    if before is not None:
        return thread.cpu - before.cpu
    if thread.age >= passed:  # this is the first look
        return 0.0
    share = thread.cpu / (thread.cpu + thread.delay) if thread.cpu else 0.0
    return passed * share if thread.state == "R" else thread.cpu


def patience(seconds: float) -> Iterator[None]:
    """Yield again and again until `seconds` have passed, not counting what a busy machine takes of them.

    For who waits for somebody else, a little between two turns, and gives up some time. The first turn comes
    at once. Counted is the time in which nothing of this program waited for a processor; in a worker of a
    process pool that is the process which made the pool and all below it.
    """
    processes = sys.modules.get("multiprocessing.process")
    parent = processes.parent_process() if processes else None
    watch, looked = Stopwatch(parent.pid if parent else None), real_monotonic()
    yield
    while watch.own < seconds:
        yield
        if (now := real_monotonic()) >= looked + LOOK / 2:
            watch.look()
            looked = now


def is_ready(thread: int | None) -> bool:
    """Return whether a thread of this process, by its native number, runs or waits for a processor."""
    found = None if thread is None else _thread(f"/proc/self/task/{thread}")
    return found is not None and found.state in "RD"


def delay_of(thread: int) -> float:
    """Return for how many seconds a thread of this process has been ready and waited for a processor."""
    found = _thread(f"/proc/self/task/{thread}")
    return found.delay if found else 0.0


def family(pid: int) -> list[int]:
    """Return the process and all processes below it, as far as they still stand."""
    found, todo = [], [pid]
    while todo:
        found.append(todo[-1])
        folder = Path("/proc", str(todo.pop()), "task")
        try:
            names = os.listdir(folder)
            todo += [
                int(child) for name in names for child in (folder / name / "children").read_text().split()
            ]
        except OSError:
            continue
    return found


def threads(pids: Iterable[int]) -> dict[tuple[int, int], Thread]:
    """Return the threads of processes by (process, thread), as far as they still stand."""
    found = {}
    for pid in pids:
        folder = f"/proc/{pid}/task"
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        for name in names:
            if thread := _thread(f"{folder}/{name}"):
                found[pid, int(name)] = thread
    return found


def _thread(folder: str) -> Thread | None:
    try:
        with open(f"{folder}/stat", encoding="utf-8", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()  # the name before may hold anything
    except OSError:
        return None
    try:
        with open(f"{folder}/schedstat", encoding="ascii") as file:
            cpu, delay = (int(text) / 1e9 for text in file.read().split()[:2])
    except (OSError, ValueError):  # a kernel that keeps no such account
        cpu, delay = (int(fields[11]) + int(fields[12])) / _TICK, 0.0
    return Thread(fields[0], cpu, delay, _age(float(fields[19]) / _TICK))


def _age(began: float) -> float:
    """Return how long ago a thread began, which the kernel tells in seconds since the machine was started."""
    if not (hasattr(time, "CLOCK_BOOTTIME") and hasattr(time, "clock_gettime")):
        return math.inf
    return max(0.0, time.clock_gettime(time.CLOCK_BOOTTIME) - began)
