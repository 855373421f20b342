"""What a submission's processes may use; the child sets it before it reads a line of the submission."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from grader.stopwatch import family

GIB, MIB = 1 << 30, 1 << 20


@dataclass(frozen=True)
class Limits:
    """memory: bytes of a process and of all together; scratch: bytes of its home; seconds: of one core."""

    memory: int = 3 * GIB // 2
    processes: int = 64  # threads count
    file_size: int = 32 * MIB
    scratch: int = 64 * MIB
    open_files: int = 512
    seconds: int = 120

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
    """Return the bytes that a process and all below it hold and share with nothing but each other."""
    return sum(map(_anonymous, family(pid)))


def _anonymous(pid: int) -> int:
    try:
        fields = Path("/proc", str(pid), "statm").read_text().split()
    except OSError:
        return 0
    return (int(fields[1]) - int(fields[2])) * os.sysconf("SC_PAGE_SIZE")
