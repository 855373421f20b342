"""What a submission's processes may use; the child sets it before it reads a line of the submission."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from grader.loop.stopwatch import family as family  # as limits use it, and for who asks here

GIB, MIB = 1 << 30, 1 << 20


@dataclass(frozen=True)
class Limits:
    """memory: bytes of a process and of all together; scratch: bytes of its home; seconds: of one core.

    What a loaded cell may leave behind, so that the graded cells below it still find room: held bytes,
    kept processes and threads, kept open files.
    """

    memory: int = 3 * GIB // 2
    processes: int = 96  # threads count
    file_size: int = 32 * MIB
    scratch: int = 64 * MIB
    open_files: int = 512
    files: int = 20_000
    seconds: int = 120
    held: int = GIB
    kept_processes: int = 40
    kept_files: int = 256

    def to_text(self) -> str:
        return json.dumps(asdict(self))

    @staticmethod
    def from_text(text: str) -> Limits:
        return Limits(**json.loads(text))

    def apply(self) -> None:
        """Put this process and all that it starts under the limits."""
        import resource

        for name, value in {
            "RLIMIT_AS": self.memory,
            "RLIMIT_NPROC": self.processes,
            "RLIMIT_FSIZE": self.file_size,
            "RLIMIT_NOFILE": self.open_files,
            "RLIMIT_CPU": self.seconds,
            "RLIMIT_CORE": 0,
        }.items():
            resource.setrlimit(getattr(resource, name), (value, value))
        os.nice(5)  # the judge goes first


def memory_of(pid: int) -> int:
    """Return the bytes that a process holds; pages that several processes share are split among them.

    Counted are private pages and shared memory, also of MAP_SHARED; programs and libraries are not.
    """
    try:
        lines = Path("/proc", str(pid), "smaps_rollup").read_text().splitlines()
    except PermissionError:  # the process made itself unreadable: count all that it maps
        return _resident(pid)
    except OSError:  # it has ended
        return 0
    held = dict(line.split()[:2] for line in lines[1:])
    return 1024 * (int(held.get("Pss_Anon:", held.get("Pss:", 0))) + int(held.get("Pss_Shmem:", 0)))


def files_of(pid: int) -> int:
    """Return how many files and folders stand in the /tmp that a process sees; 0 where that is unknown."""
    try:
        scratch = os.statvfs(Path("/proc", str(pid), "root", "tmp"))
        outside = os.statvfs("/tmp")
    except OSError:
        return 0
    return 0 if scratch.f_fsid == outside.f_fsid else scratch.f_files - scratch.f_ffree


def _resident(pid: int) -> int:
    try:
        fields = Path("/proc", str(pid), "statm").read_text().split()
    except OSError:
        return 0
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")
