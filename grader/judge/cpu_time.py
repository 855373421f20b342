"""What the processes of a submission use of the machine, and when that is enough.

All is read from outside, in /proc, so that nothing here is the submission's word.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from grader.loop.patched_time import real_monotonic
from grader.loop.stopwatch import LOOK, Disk, Stopwatch, family, threads

_TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_DYING = 1.0  # seconds of their own in which processes that are killed end
_chance = random.SystemRandom()
_PAUSE = 0.01  # seconds between two rounds of killing


@dataclass(frozen=True)
class Use:
    """CPU seconds of a process: its own, and those of the processes below it that it has waited for."""

    own: float
    waited: float


def used(pids: Iterable[int]) -> float:
    """Return the CPU seconds of processes and of those below them that have ended and were waited for."""
    return sum(use.own + use.waited for use in _uses(pids).values())


def runnable(pids: Iterable[int]) -> int:
    """Return how many threads of processes run now, or wait for a processor or a disk."""
    return sum(thread.state in "RD" for thread in threads(pids).values())


class Meter:
    """Counts the CPU seconds of a process and all below it, look by look.

    A process that ended counts as it was last seen, or as who waited for it was told, whichever is more. One
    that lived between two looks is not seen, and its parent may see to it that nobody is told of it: so one
    that is caught running, and is gone at the next look, counts for all of its kind, as in a sample.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._seen: dict[int, Use] = {}
        self._new: dict[int, float] = {}  # first seen at the last look: what each counts if that was all
        self._gone = self._most = 0.0
        self._looked = real_monotonic()

    def look(self) -> float:
        """Return the CPU seconds until now."""
        now = real_monotonic()
        passed, self._looked = min(now - self._looked, LOOK), now
        seen = _uses(family(self._pid))
        self._gone += sum(
            max(use.own, self._new.get(pid, 0.0)) for pid, use in self._seen.items() if pid not in seen
        )
        self._new = {pid: passed * _running(pid) for pid in seen if pid not in self._seen}
        self._seen = seen
        living, told = (sum(getattr(use, name) for use in seen.values()) for name in ("own", "waited"))
        self._most = max(self._most, living + max(told, self._gone))
        return self._most


class Budget:
    """What a process and all below it may use from now on.

    own: seconds in which nothing of them waits for a processor (Stopwatch.own), so that the others do not
    matter. cpu: seconds of a processor, all processes and threads together. guard: real seconds. disk: what
    is forgiven of waiting for one.
    """

    def __init__(self, pid: int, *, own: float, cpu: float, guard: float, disk: Disk | None = None) -> None:
        self._own, self._cpu, self._guard = own, cpu, guard
        self._watch, self._meter = Stopwatch(pid, disk=disk), Meter(pid)
        self._before = self._meter.look()
        self._next = real_monotonic() + self._pause()
        self._spent = ""
        self.cpu = 0.0

    @property
    def own(self) -> float:
        """Seconds of their own until the last look."""
        return self._watch.own

    @property
    def wall(self) -> float:
        """Real seconds until the last look."""
        return self._watch.wall

    def spent(self) -> str:
        """Return what is used up: "cpu", "own", "guard", or "". Cheap: it looks every LOOK seconds or so.

        When it looks nobody can foresee, or they would be asleep then.
        Time in which nobody asks counts little: the others may have been kept waiting by who should have.
        "guard" says that the machine was too busy: neither of the others was reached.
        """
        now = real_monotonic()
        if self._spent or now < self._next:
            return self._spent
        self._next = now + self._pause()
        self._watch.look()
        self.cpu = self._meter.look() - self._before
        if self.cpu >= self._cpu:
            self._spent = "cpu"
        elif self.own >= self._own:
            self._spent = "own"
        elif self.wall >= self._guard:
            self._spent = "guard"
        return self._spent

    @staticmethod
    def _pause() -> float:
        return _chance.uniform(0.2, 1.2) * LOOK


class Alarm:
    """Within the block: call `ring`, in another thread, once this process has had `seconds` of its own."""

    def __init__(self, seconds: float, ring: Callable[[], None]) -> None:
        self._seconds, self._ring = seconds, ring
        self._over = threading.Event()

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._watch, name="grader-alarm", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        watch = Stopwatch()
        while not self._over.wait(LOOK):
            watch.look()
            if watch.own >= self._seconds:
                self._ring()
                return


def freeze(pid: int, kept: Iterable[int]) -> set[int]:
    """Stop what stands below `pid` and is not in `kept`, as far as that may be done; return it."""
    spared, frozen = {pid, *kept}, set[int]()
    while fresh := {each for each in family(pid) if each not in spared} - frozen:  # born in the meantime
        _signal(fresh, signal.SIGSTOP)
        frozen |= fresh
    return frozen


def thaw(pids: Iterable[int]) -> None:
    """Let processes go on that were stopped."""
    _signal(pids, signal.SIGCONT)


def _signal(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(OSError):
            os.kill(pid, number)


def leave_only(pid: int, kept: Iterable[int]) -> bool:
    """Kill what stands below `pid` and is not in `kept`; return whether nothing of that is left.

    Something is where processes are born faster than they die, or may not be killed one by one.
    """
    spared, watch = {pid, *kept}, Stopwatch(pid)
    while others := [each for each in family(pid) if each not in spared and not _is_dead(each)]:
        if watch.own >= _DYING or watch.wall >= 30 * _DYING:
            return False
        _signal(others, signal.SIGKILL)
        time.sleep(_PAUSE)
        watch.look()
    return True


def _is_dead(pid: int) -> bool:
    return all(thread.state in "ZX" for thread in threads([pid]).values())


def _running(pid: int) -> float:
    """Return how much of its time a process that does not sleep runs, and does not wait for a processor."""
    running = [thread for thread in threads([pid]).values() if thread.state == "R" and thread.cpu]
    return sum(thread.cpu / (thread.cpu + thread.delay) for thread in running)


def _uses(pids: Iterable[int]) -> dict[int, Use]:
    found = {}
    for pid in pids:
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
                fields = file.read().rpartition(")")[2].split()[11:15]  # utime, stime, cutime, cstime
        except OSError:
            continue
        own, waited = (sum(map(int, pair)) / _TICK for pair in (fields[:2], fields[2:]))
        found[pid] = Use(own, waited)
    return found
